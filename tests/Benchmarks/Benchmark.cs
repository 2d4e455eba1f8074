using MlNetAlexNet.Benchmarks.Quantization;
using MlNetAlexNet.Benchmarks.Scoring;

namespace MlNetAlexNet.Benchmarks;

/// <summary>The benchmarks by name.</summary>
internal static class Benchmark
{
    public static IReadOnlyDictionary<string, Func<Settings, IEnumerable<Result>>> All { get; } =
        new Dictionary<string, Func<Settings, IEnumerable<Result>>>
        {
            ["accuracy"] = Accuracy.Run,
            ["score-folder"] = ScoreFolder.Run,
            ["predict-one"] = PredictOne.Run,
            ["load"] = LoadZip.Run,
            ["save"] = SaveZip.Run,
            ["size"] = ZipSize.Run,
            ["decode"] = Decode.Run,
            ["agreement"] = Agreement.Run,
            ["batches"] = Batches.Run,
        };
}
