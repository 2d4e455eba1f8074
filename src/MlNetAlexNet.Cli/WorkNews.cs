using MlNetAlexNet.Cli.Progress;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Explanation;
using MlNetAlexNet.Inspection;
using MlNetAlexNet.Quantization;

namespace MlNetAlexNet.Cli;

/// <summary>What there is to say of work that is counted: nothing that stays.</summary>
internal static class WorkNews
{
    /// <summary>Of pictures that are scored.</summary>
    public static News Tell(EvaluationProgress progress, string what) => new("picturesScored", progress)
    {
        IsFrequent = progress.Done != progress.Total,
        Work = Count(what, progress.Done, progress.Total),
    };

    /// <summary>Of a quantization.</summary>
    public static News Tell(QuantizationProgress progress) => new("quantizing", progress)
    {
        IsFrequent = progress.Done != progress.Total,
        Work = Count(progress.Stage switch
        {
            QuantizationStage.ScoringFloat32 => "scoring with the float32 zip",
            QuantizationStage.Calibrating => "calibrating",
            QuantizationStage.Correcting => "correcting the biases",
            QuantizationStage.ScoringInt8 => "scoring with the int8 zip",
            var stage => throw new NotSupportedException($"No words for {stage}."),
        }, progress.Done, progress.Total),
    };

    /// <summary>Of an inspection.</summary>
    public static News Tell(InspectionProgress progress) => new("picturesInspected", progress)
    {
        IsFrequent = progress.Done != progress.Total,
        Work = Count("inspecting the pictures", progress.Done, progress.Total),
    };

    /// <summary>Of an explanation.</summary>
    public static News Tell(ExplanationProgress progress) => new("pictureExplained", progress)
    {
        IsFrequent = progress.Done != progress.Total,
        Work = Count("explaining the picture", progress.Done, progress.Total),
    };

    private static Work Count(string what, long done, long total) => new(what, Bar.Count(what, done, total));
}
