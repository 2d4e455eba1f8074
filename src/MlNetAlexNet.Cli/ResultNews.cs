using System.Globalization;
using MlNetAlexNet.Cli.Progress;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Images;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Cli;

/// <summary>What there is to say of what a command has come to.</summary>
internal static class ResultNews
{
    private const string Advice =
        "Try more --epochs, another --learning-rate (a tenth, or three times as high), --class-weight for small classes, or "
        + "--initial-weights of a trained model.";

    /// <summary>Of files that are no pictures by their names.</summary>
    public static News Tell(OtherFiles others) => new("otherFiles", new { others.Count })
    {
        Kind = NewsKind.Aside, Text = [Paragraph.OfSentence($"left out: {others}")],
    };

    /// <summary>Of a training run: what it has left.</summary>
    public static IEnumerable<News> Tell(RunResult result)
    {
        if (result.IsCancelled)
            yield return new("interrupted", new { Message = Interruption(result).ToString() }) { Kind = NewsKind.Aside, Text = [Paragraph.OfSentence(Interruption(result))] };

        if (result.Metrics is { } metrics)
        {
            yield return new("tested", Figures(metrics))
            {
                Kind = NewsKind.Result, Text = [new("Test", Wording.Join(MetricsText.ListTotals(metrics)))],
            };
            if (MetricsText.FormatOneClass(metrics, Advice) is { } warning)
                yield return new("oneClass", new { Message = warning }) { Kind = NewsKind.Result, Text = [new("Warning", warning)] };
        }

        if (result.HasModel)
            yield return new("modelWritten", new { Path = result.Model }) { Kind = NewsKind.Result, Text = [new("Model", $"{result.Model}")] };

        if (result.HasReport)
        {
            yield return new("reportWritten", new { Path = result.Folder.Report })
            {
                Kind = NewsKind.Result, Text = [new("Report", $"{result.Folder.Report}")],
            };
        }

        foreach (var news in result.Quantized is { } quantized ? Tell(quantized) : [])
            yield return news;

        yield return new("completed", new
        {
            Folder = result.Folder.Path, result.IsCancelled, Model = result.HasModel ? result.Model : null, Epochs = result.History.Count,
            BestEpoch = result.History.LastOrDefault(epoch => epoch.IsBest)?.Epoch, Metrics = result.Metrics is { } tested ? Figures(tested) : null,
            Quantized = result.Quantized?.Output,
        })
        {
            Kind = NewsKind.Result,
        };
    }

    /// <summary>Of a quantization: both accuracies side by side, and the sizes.</summary>
    public static IEnumerable<News> Tell(QuantizationResult result)
    {
        if (result.LeftOut.Count > 0)
        {
            yield return new("leftOut", new { Paths = result.LeftOut })
            {
                Kind = NewsKind.Aside,
                Text = [.. result.LeftOut.Select(path => Paragraph.OfSentence($"{$"left out, cannot be decoded: {path}"}"))],
            };
        }

        yield return new("quantized", new
        {
            Float32 = Figures(result.Float32), Int8 = Figures(result.Int8), result.Agreement, result.Loss, result.Comparison.LossPValue,
            result.Comparison.OnlyFirstRight, result.Comparison.OnlySecondRight, result.Float32Bytes, result.Int8Bytes, Model = result.Output,
        })
        {
            Kind = NewsKind.Result,
            Text =
            [
                new("Float32", Wording.Join(MetricsText.ListTotals(result.Float32))),
                new("Int8", Wording.Join(MetricsText.ListTotals(result.Int8))),
                new("Agreement", Invariant($"{result.Agreement:0.0%} of the validation pictures ({result.Comparison.Same} of {result.Comparison.Pictures})")),
                new("Loss", Invariant(
                    $"{result.Loss:0.0} points: {result.Comparison.OnlyFirstRight} right in float32 alone, ")
                    + Invariant($"{result.Comparison.OnlySecondRight} in int8 alone (p = {result.Comparison.LossPValue:0.00}, McNemar's exact test)")),
                new("Size", Invariant($"{result.Float32Bytes / 1e6:0.0} MB to {result.Int8Bytes / 1e6:0.0} MB")),
                new("Model", $"{result.Output}"),
            ],
        };
    }

    private static object Figures(Metrics metrics) => new
    {
        metrics.Pictures, metrics.Correct, metrics.Top1, metrics.Top1Interval, metrics.Top5, metrics.Top5Interval, metrics.LogLoss,
    };

    private static Wording Interruption(RunResult result)
    {
        var kept = !result.HasModel ? "Interrupted before anything was learnt; there is no new model."
            : result.History.LastOrDefault(epoch => epoch.IsBest) is { } best
                ? Invariant($"Interrupted; the best weights so far, of epoch {best.Epoch}, are kept.")
                : "Interrupted within the first epoch; the weights so far are kept.";
        if (!result.Folder.HasCheckpoint)
            return kept;

        var path = result.Folder.Path;
        return $"{kept:prose} To go on: {$"alexnet train --resume {(path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path)}"}";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
