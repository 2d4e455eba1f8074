using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Training;

/// <summary>Resolves the stack of a training and checks that it suits the pictures and the classes.</summary>
internal static class TrainablePlan
{
    /// <exception cref="AlexNetException">The stack does not fit; the message says which side does not.</exception>
    public static LayerPlan For(TrainingOptions options, IReadOnlyList<string> classes, int imageSize)
    {
        if (classes.Count < 2)
        {
            throw new AlexNetException(
                $"The label column '{options.LabelColumnName}' has {classes.Count} class(es) "
                + $"({string.Join(", ", classes)}); a classifier needs at least 2.");
        }

        var plan = options.Network(classes.Count, options.Dropout).Plan();
        var input = plan.Input;
        if (input.IsFlat || input.Channels != 3 || input.Height != input.Width || input.Height > imageSize)
        {
            throw new AlexNetException(
                $"The network takes {input}; it must take a square of RGB cut out of the {imageSize}x{imageSize} pictures.");
        }

        if (plan.Output != TensorShape.Vector(classes.Count)
            || plan[^1].Layer is not Dense { Activation: Activation.Softmax })
        {
            throw new AlexNetException(
                $"The network ends in {plan[^1].Name} with {plan.Output}; it must end in "
                + $"Dense({classes.Count}, Activation.Softmax), a unit for each of the {classes.Count} classes.");
        }

        options.InitialWeights?.RequireFit(plan);
        return plan;
    }
}
