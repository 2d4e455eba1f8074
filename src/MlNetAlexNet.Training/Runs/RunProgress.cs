using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Images;
using MlNetAlexNet.Inspection;
using MlNetAlexNet.Quantization;

namespace MlNetAlexNet.Training.Runs;

/// <summary>The pictures of a run were found and every one was decoded, now or for an earlier run.</summary>
/// <param name="Classes">The classes, in the order of the scores; none where a teacher's features are all there is to learn.</param>
/// <param name="Train">Pictures to train on.</param>
/// <param name="Validation">Pictures to validate on.</param>
/// <param name="Test">Pictures to test on.</param>
/// <param name="LeftOut">Pictures that cannot be decoded and were left out.</param>
public sealed record PicturesFound(
    IReadOnlyList<string> Classes,
    int Train,
    int Validation,
    int Test,
    IReadOnlyList<string> LeftOut) : TrainingProgress
{
    /// <summary>Pictures to train on that have no label, counted apart. Default 0.</summary>
    public int Unlabelled { get; init; }

    /// <summary>Pictures of all parts that have transparent parts, which count as black. Default 0.</summary>
    public int Transparent { get; init; }

    /// <summary>Files that were left out, since they are no pictures by their names. Default: none.</summary>
    public OtherFiles OtherFiles { get; init; } = OtherFiles.None;

    /// <summary>As <see cref="ImageFolder.EmptyClasses"/>. Default: none.</summary>
    public IReadOnlyList<string> EmptyClasses { get; init; } = [];
}

/// <summary>
/// The pictures of a run hold what would spoil its figures; it goes on all the same. Paths are from the folder of the pictures on;
/// parts that were drawn are called <c>train</c>, <c>validation</c> and <c>test</c>, too.
/// </summary>
/// <param name="Findings">What: label conflicts, leakage, classes that a part has not, an imbalance. By kind, then by path.</param>
public sealed record PicturesDoubtful(IReadOnlyList<Finding> Findings) : TrainingProgress;

/// <summary>
/// There will be no quantized model, as there are too few validation pictures to compare it on; the training goes on all the same.
/// </summary>
/// <param name="Reason">The full message.</param>
public sealed record QuantizationUnlikely(string Reason) : TrainingProgress;

/// <summary>The model zip is on disk.</summary>
/// <param name="Path">Where.</param>
public sealed record ModelSaved(string Path) : TrainingProgress;

/// <summary>The model is being quantized.</summary>
/// <param name="Progress">How far.</param>
public sealed record ModelQuantizing(QuantizationProgress Progress) : TrainingProgress;

/// <summary>One more test picture was scored through the model zip.</summary>
/// <param name="Progress">How far.</param>
public sealed record ModelTesting(EvaluationProgress Progress) : TrainingProgress;
