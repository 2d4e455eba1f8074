using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Training.Runs;

/// <summary>Training that goes on from the weights of a model zip.</summary>
public static class WarmStart
{
    /// <summary>
    /// The options with the stack, the weights and the normalisation of a model. Its dropout layers, where it has any,
    /// take <see cref="TrainingOptions.Dropout"/>.
    /// </summary>
    /// <param name="training">The options.</param>
    /// <param name="model">The model to start from, from <see cref="ModelZip.Read(string)"/>.</param>
    /// <param name="classes">The classes to train, in order.</param>
    /// <exception cref="AlexNetException">The model's classes are others; the message names the difference.</exception>
    public static TrainingOptions From(TrainingOptions training, TrainedModel model, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(classes);
        if (!model.Classes.SequenceEqual(classes) && model.Classes.Order().SequenceEqual(classes.Order()))
        {
            throw new AlexNetException(
                $"The pictures have the model's classes in another order: {Names(classes)}. It must be {Names(model.Classes)}.");
        }

        if (!model.Classes.SequenceEqual(classes))
        {
            throw new AlexNetException(
                "The model to start from has other classes than the pictures. " +
                $"Only in the model: {Names(model.Classes.Except(classes))}. " +
                $"Only in the pictures: {Names(classes.Except(model.Classes))}. Both must be the same.");
        }

        return training with
        {
            InitialWeights = model.Weights,
            Preprocessing = model.Preprocessing,
            Network = (_, dropout) => Stack(model.Plan, dropout),
        };
    }

    private static Sequential Stack(LayerPlan plan, double dropout)
    {
        var stack = new Sequential(plan.Input);
        foreach (var planned in plan)
        {
            stack.Add(planned.Layer is Dropout ? new Dropout(dropout) { Name = planned.Name } : planned.Layer);
        }

        return stack;
    }

    private static string Names(IEnumerable<string> classes) =>
        string.Join(", ", classes) is { Length: > 0 } names ? names : "none";
}
