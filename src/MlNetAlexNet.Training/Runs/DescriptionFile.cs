using System.Text.Json;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.Reports.Records;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Training.Runs;

/// <summary><c>run.json</c>: what a run was, for its report.</summary>
internal static class DescriptionFile
{
    /// <param name="started">When the run began.</param>
    /// <param name="time">What it took so far.</param>
    /// <param name="provenance">What it was computed with.</param>
    /// <param name="trained">What it came to.</param>
    /// <param name="pictures">What it learnt from.</param>
    /// <param name="folder">To write to.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="AlexNetException">It cannot be written.</exception>
    public static void Write(
        DateTimeOffset started, TimeSpan time, RunProvenance provenance, TrainingResult trained, RunPictures pictures, RunFolder folder,
        CancellationToken cancel)
    {
        var environment = JsonSerializer.SerializeToNode(provenance, OptionsFile.Json)!.AsObject();
        environment.Remove("options"); // which have a file of their own
        WholeFile.WriteText(folder.Description, JsonSerializer.Serialize(
            new RunDescription(
                started,
                Math.Round(time.TotalSeconds, 3),
                trained.BestEpoch,
                trained.IsCancelled,
                trained.Fault?.Message,
                environment,
                Describe(pictures),
                Describe(trained.Model, cancel)),
            OptionsFile.Json) + "\n");
    }

    private static RunPicturesDescription Describe(RunPictures pictures)
    {
        var (train, validation, test) = (Count(pictures.Folder.Train), Count(pictures.Folder.Validation), Count(pictures.Folder.Test));
        return new(
            [
                .. pictures.Folder.Classes.Select(name => new ClassPictures(
                    name, train.GetValueOrDefault(name), validation.GetValueOrDefault(name), test.GetValueOrDefault(name))),
            ],
            pictures.Unlabelled,
            pictures.Transparent,
            [.. pictures.LeftOut.Select(picture => new LeftOutPicture(picture.Path, picture.Reason))],
            pictures.Folder.OtherFiles.Endings,
            [.. pictures.Doubts.Select(finding => new PictureFinding(finding.Kind.ToString(), finding.Paths, finding.Detail))]);
    }

    private static Dictionary<string, int> Count(IEnumerable<LabeledImage> pictures) => pictures.CountBy(picture => picture.Label).ToDictionary();

    // Of the network as it is scored: batch normalization is in other layers there.
    private static LayerCost[] Describe(TrainedModel model, CancellationToken cancel)
    {
        var scored = BatchNormalizationFold.Fold(model);
        var times = Measure(scored, cancel);
        return
        [
            .. scored.Plan.Select(layer => new LayerCost(
                layer.Name,
                layer.Layer.TypeName,
                layer.Output.IsFlat ? FormattableString.Invariant($"{layer.Output.Channels}") : FormattableString.Invariant($"{layer.Output.Height} x {layer.Output.Width} x {layer.Output.Channels}"),
                layer.Parameters,
                layer.MultiplyAdds,
                times.TryGetValue(layer.Name, out var time) ? time : null)),
        ];
    }

    // Without times the table is worth its place, too.
    private static IReadOnlyDictionary<string, double> Measure(TrainedModel scored, CancellationToken cancel)
    {
        try
        {
            return LayerTimes.Measure(scored, cancel);
        }
        catch (AlexNetException)
        {
            return new Dictionary<string, double>();
        }
    }
}
