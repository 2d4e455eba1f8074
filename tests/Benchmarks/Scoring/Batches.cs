using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Benchmarks.Scoring;

/// <summary>The network alone: all cores on one batch against a batch for each core, of several sizes.</summary>
internal static class Batches
{
    private const int Pictures = 128;

    public static IEnumerable<Result> Run(Settings settings)
    {
        using var graph = ModelZipReader.OpenGraph(settings.RequireInt8Model());
        var onnx = graph.ToArray();
        using var each = new ScoringSession(onnx);
        using var together = new ScoringSession(onnx, threads: Environment.ProcessorCount);
        var pixels = new byte[32 * 3 * each.Form.Side * each.Form.Side];
        new Random(1).NextBytes(pixels);
        Contender[] contenders =
        [
            new("all cores on one picture", () => Rate(together, size: 1, callers: 1)),
            new("one core on one picture, the others idle", () => Rate(each, size: 1, callers: 1)),
            .. new[] { 1, 4, 8, 16, 32 }.Select(size => new Contender(
                $"each core on batches of {size}", () => Rate(each, size, Environment.ProcessorCount))),
        ];
        return [.. Comparison.Run(
            "batches", "images/s", settings.Rounds,
            new("all cores on batches of 16", () => Rate(together, size: 16, callers: 1)),
            contenders)];

        double Rate(ScoringSession session, int size, int callers) => ScoreFolder.Rate(() =>
        {
            Parallel.For(
                0, Pictures / size, new ParallelOptions { MaxDegreeOfParallelism = callers }, _ => session.Score(pixels, size));
            return Pictures;
        });
    }
}
