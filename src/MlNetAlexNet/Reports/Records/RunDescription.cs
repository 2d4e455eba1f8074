using System.Text.Json.Nodes;

namespace MlNetAlexNet.Reports.Records;

/// <summary><c>run.json</c>: what a run was, beside its options and figures.</summary>
/// <param name="Started">When.</param>
/// <param name="Seconds">Of the whole run up to here, in this process.</param>
/// <param name="BestEpoch">The one whose weights the model has, from 1; 0 when none had ended.</param>
/// <param name="IsCancelled">Whether somebody ended it early.</param>
/// <param name="Fault">What ended it early; null where nothing did.</param>
/// <param name="Environment">What it was computed with: names and values, which may have names and values in turn.</param>
/// <param name="Pictures">What it learnt from.</param>
/// <param name="Layers">What each layer costs.</param>
internal sealed record RunDescription(
    DateTimeOffset Started,
    double Seconds,
    int BestEpoch,
    bool IsCancelled,
    string? Fault,
    JsonObject Environment,
    RunPicturesDescription Pictures,
    IReadOnlyList<LayerCost> Layers);

/// <summary>The pictures of a run.</summary>
/// <param name="Classes">How many each has; none where features were learnt.</param>
/// <param name="Unlabelled">To train on, without a label.</param>
/// <param name="Transparent">Those with transparent parts, which count as black.</param>
/// <param name="LeftOut">Those that cannot be decoded.</param>
/// <param name="OtherFiles">Files by ending that are no pictures by their names.</param>
/// <param name="Findings">What would spoil the figures.</param>
internal sealed record RunPicturesDescription(
    IReadOnlyList<ClassPictures> Classes,
    int Unlabelled,
    int Transparent,
    IReadOnlyList<LeftOutPicture> LeftOut,
    IReadOnlyDictionary<string, int> OtherFiles,
    IReadOnlyList<PictureFinding> Findings);

/// <summary>How many pictures of a class are in which part.</summary>
/// <param name="Name">The class.</param>
/// <param name="Train">To train on.</param>
/// <param name="Validation">To validate on.</param>
/// <param name="Test">To test on.</param>
internal sealed record ClassPictures(string Name, int Train, int Validation, int Test);

/// <summary>A picture that cannot be decoded.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Reason">Why not.</param>
internal sealed record LeftOutPicture(string Path, string Reason);

/// <summary>Something found among the pictures.</summary>
/// <param name="Kind">As in <see cref="Inspection.FindingKind"/>.</param>
/// <param name="Paths">The pictures or folders it is about.</param>
/// <param name="Detail">A sentence that says more.</param>
internal sealed record PictureFinding(string Kind, IReadOnlyList<string> Paths, string Detail);

/// <summary>What a layer costs.</summary>
/// <param name="Name">Of the layer.</param>
/// <param name="Type">As Keras calls it.</param>
/// <param name="Output">Its shape, such as <c>55 x 55 x 96</c>.</param>
/// <param name="Parameters">Values of its weights.</param>
/// <param name="MultiplyAdds">Of one picture.</param>
/// <param name="Milliseconds">
/// Of one picture on all cores of the processor; null where it takes none, since it is part of another step.
/// </param>
internal sealed record LayerCost(
    string Name, string Type, string Output, long Parameters, long MultiplyAdds, double? Milliseconds);
