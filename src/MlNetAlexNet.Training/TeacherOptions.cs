using static System.FormattableString;

namespace MlNetAlexNet.Training;

/// <summary>
/// A trained network that the training learns from beside the labels (Hinton, Vinyals and Dean 2015, "Distilling the
/// Knowledge in a Neural Network"): a linear layer on its features is fitted to the classes first, then what it says of
/// each view of a picture, and its features, are learnt. Only the training needs it. Immutable.
/// </summary>
public sealed record TeacherOptions
{
    /// <summary>
    /// <c>resnet18</c>, the network of the package Microsoft.ML.DnnImageFeaturizer.ResNet18, which the app that trains
    /// references, or the file of an ONNX network that takes pictures: 32-bit floats or bytes,
    /// <c>N x 3 x H x W</c> or <c>N x H x W x 3</c>.
    /// </summary>
    public required string Model { get; init; }

    /// <summary>
    /// The value of the file's graph that are its features, by its name; over places it is averaged. Default null: what goes
    /// into the last matrix product where the graph ends in one, else its output.
    /// </summary>
    public string? Output { get; init; }

    /// <summary>
    /// Mean of the red, green and blue values, 0 to 255, that a file in floats takes. Default null: ImageNet's of torchvision,
    /// 123.675, 116.28, 103.53, which is said. The network of a package brings its own.
    /// </summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>Standard deviation of the same values. Default null: ImageNet's of torchvision, 58.395, 57.12, 57.375.</summary>
    public IReadOnlyList<float>? StandardDeviation { get; init; }

    /// <summary>
    /// Random views of each picture, at least 1: an epoch takes the views of the epoch so many before it, and the teacher
    /// sees each once, before training, as it is learnt (Beyer et al. 2022, "Knowledge distillation: A good teacher is
    /// patient and consistent"). More are better for long trainings and take longer. Default 8, our own.
    /// </summary>
    public int Views { get; init; } = 8;

    /// <summary>Share of the cost that is of the teacher's probabilities, 0 to 1; the rest is of the labels. Default 0.5.</summary>
    public double PredictionWeight { get; init; } = 0.5;

    /// <summary>
    /// By what the logits of both are divided before they are compared, above 0; the cost is multiplied by its square
    /// (Hinton et al. 2015, section 2). Default 1, our own: a linear layer is not overly sure.
    /// </summary>
    public double Temperature { get; init; } = 1;

    /// <summary>
    /// Weight, at least 0, of the mean squared error between the teacher's features, each of mean 0 and deviation 1, and a
    /// linear map of the last hidden layer (Romero et al. 2015, "FitNets", equation 3). Default 0.5, our own.
    /// </summary>
    public double FeatureWeight { get; init; } = 0.5;

    /// <summary>Numbers out of range.</summary>
    internal IEnumerable<string> ListFaults()
    {
        if (string.IsNullOrEmpty(Model))
            yield return "The teacher's Model is empty; it must be 'resnet18' or the file of an ONNX network.";

        if (Views < 1)
            yield return Invariant($"The teacher's {nameof(Views)} are {Views}; they must be at least 1.");

        if (PredictionWeight is not (>= 0 and <= 1))
            yield return Invariant($"The teacher's {nameof(PredictionWeight)} is {PredictionWeight}; it must be from 0 to 1.");

        if (Temperature is not (> 0 and < double.PositiveInfinity))
            yield return Invariant($"The teacher's {nameof(Temperature)} is {Temperature}; it must be above 0, such as 1 or 4.");

        if (FeatureWeight is not (>= 0 and < double.PositiveInfinity))
            yield return Invariant($"The teacher's {nameof(FeatureWeight)} is {FeatureWeight}; it must be at least 0, such as 0.5.");

        if (PredictionWeight == 0 && FeatureWeight == 0)
            yield return $"The teacher's {nameof(PredictionWeight)} and {nameof(FeatureWeight)} are 0: nothing is learnt of it. Leave it out.";

        foreach (var (name, isGiven) in new[]
        {
            (nameof(Output), Output is not null), (nameof(Mean), Mean is not null), (nameof(StandardDeviation), StandardDeviation is not null),
        })
        {
            if (isGiven && KnownTeacher.IsKnown(Model ?? ""))
                yield return $"The teacher's {name} is for a network in a file; '{Model}' brings its own. Leave it out.";
        }

        if (Temperature != 1 && PredictionWeight == 0)
            yield return Invariant($"The teacher's {nameof(Temperature)} is {Temperature}, but {nameof(PredictionWeight)} is 0: there are no probabilities to learn. Leave it out.");

        foreach (var fault in Models.ImagePreprocessing.ListFaults(Mean, StandardDeviation))
            yield return $"The teacher's {fault}";
    }
}
