using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Runs;

/// <summary>Training that goes on from the weights of a model.</summary>
public static class WarmStart
{
    /// <summary>
    /// The options with the stack, the weights and the normalisation of a model. Its dropout layers, where it has any,
    /// take <see cref="TrainingOptions.Dropout"/>. For other classes than the model's the last layer is a new one
    /// (fine-tuning), drawn as <see cref="WeightInitializer.HeNormal"/> draws it from <see cref="TrainingOptions.Seed"/>.
    /// </summary>
    /// <param name="training">The options.</param>
    /// <param name="model">The model to start from.</param>
    /// <param name="classes">The classes to train, in order.</param>
    /// <exception cref="AlexNetException">
    /// The classes are the model's in another order, or others where it has no dense layer to replace.
    /// </exception>
    public static TrainingOptions From(TrainingOptions training, TrainedModel model, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(classes);
        var isSame = model.Classes.SequenceEqual(classes);
        if (!isSame && model.Classes.Order().SequenceEqual(classes.Order()))
        {
            throw new AlexNetException(
                $"The pictures have the model's classes in another order: {string.Join(", ", classes)}. "
                + $"It must be {string.Join(", ", model.Classes)}.");
        }

        var weights = isSame ? model.Weights : WithNewLastLayer(training, model, classes.Count);
        return training with
        {
            InitialWeights = weights,
            Preprocessing = model.Preprocessing,
            Network = (count, dropout) => Stack(model.Plan, count, dropout),
        };
    }

    /// <summary>The name of the layer that is replaced for other classes.</summary>
    /// <exception cref="AlexNetException">There is none.</exception>
    internal static string LastLayer(TrainedModel model) => LastDense(model.Plan).Name;

    private static WeightSet WithNewLastLayer(TrainingOptions training, TrainedModel model, int classes)
    {
        var last = LastLayer(model);
        var plan = Stack(model.Plan, classes, training.Dropout).Plan();
        var drawn = WeightInitializer.HeNormal(plan, new Random(training.Seed));
        return new WeightSet(plan.Weights.Select(weight => KeyValuePair.Create(
            weight.Key,
            weight.Key.StartsWith($"{last}/", StringComparison.Ordinal) ? drawn[weight.Key] : model.Weights[weight.Key])));
    }

    // Names are kept, since the weights go by them.
    private static Sequential Stack(LayerPlan plan, int classes, double dropout)
    {
        var last = classes == plan.Output.Channels ? null : LastDense(plan);
        return new Sequential(plan.Input, plan.Select(planned => planned.Layer switch
        {
            Dropout drop => drop with { Rate = dropout },
            Dense dense when planned == last => dense with { Units = classes },
            var layer => layer,
        }));
    }

    private static PlannedLayer LastDense(LayerPlan plan) => plan.LastOrDefault(planned => planned.Layer is Dense)
        ?? throw new AlexNetException(
            "The model has no dense layer that could be replaced for other classes. Give pictures of its own classes.");
}
