using MlNetAlexNet.Benchmarks.Quantization;
using MlNetAlexNet.Benchmarks.Scoring;
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
            ["train-head"] = TrainHead.Run,
            ["load-batches"] = LoadBatches.Run,
            ["memory"] = TrainMemory.Run,
            ["score-folder"] = ScoreFolder.Run,
            ["predict-one"] = PredictOne.Run,
#if !WITHOUT_RESNET18
            ["resnet18"] = ResNet18.Run,
#endif
            ["load"] = LoadZip.Run,
            ["save"] = SaveZip.Run,
            ["size"] = ZipSize.Run,
            ["decode"] = Decode.Run,
            ["agreement"] = Agreement.Run,
            ["accuracy"] = Accuracy.Run,
            ["batches"] = Batches.Run,
        };
}
