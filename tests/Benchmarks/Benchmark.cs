using MlNetAlexNet.Benchmarks.Training;

namespace MlNetAlexNet.Benchmarks;

/// <summary>The benchmarks by name.</summary>
internal static class Benchmark
{
    public static IReadOnlyDictionary<string, Func<Settings, IEnumerable<Result>>> All { get; } =
        new Dictionary<string, Func<Settings, IEnumerable<Result>>>
        {
            ["train-step"] = TrainStep.Run,
            ["train-epoch"] = TrainEpoch.Run,
            ["memory"] = TrainMemory.Run,
        };
}
