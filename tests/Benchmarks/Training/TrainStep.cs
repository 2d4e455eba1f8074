using MlNetAlexNet.Training.Engine.Native;
using MlNetAlexNet.Training.Runs;
using static TorchSharp.torch;

namespace MlNetAlexNet.Benchmarks.Training;

/// <summary><c>train-step</c>: the Keras preset's step, by a plain TorchSharp loop and by the machine's matrix product.</summary>
internal static class TrainStep
{
    private const string Name = "train-step";
    private const int Batch = 128;
    private const int Side = 4096;

    // Forward, gradient of the input, gradient of the weights: a multiply and an add each.
    private const double OperationsPerMultiplyAdd = 3 * 2;

    // Where 16-bit products are emulated they take minutes.
    private static ScalarType[] Formats => Processor.HasAvx512Bf16
        ? [ScalarType.BFloat16, ScalarType.Float32]
        : [ScalarType.Float32];

    public static IEnumerable<Result> Run(Settings settings)
    {
        NativeLibTorch.EnsureLoaded();
        var steps = Formats.ToDictionary(format => format, format => new OurStep(Batch, format));
        using (var plain = new PlainStep(Batch))
        {
            var contenders = steps.Select(step => new Contender(
                $"training in {step.Key}",
                () => step.Value.ImagesPerSecond(steps: 2),
                step.Key == ScalarType.BFloat16 ? Bar.AtLeast(2.8) : Bar.AtLeast(1.1)));
            var results = Comparison.Run(
                Name, "images/s", settings.Rounds, new("plain TorchSharp in Float32", plain.ImagesPerSecond), [.. contenders]);
            foreach (var result in results)
                yield return result;
        }

        foreach (var (format, step) in steps)
        {
            using var factor = randn(Side, Side).to(format);
            var product = new Contender($"{Side}-cubed product in {format}", () => ProductRate(factor));
            var training = new Contender(
                $"training in {format}",
                () => step.ImagesPerSecond(steps: 2) * step.MultiplyAdds * OperationsPerMultiplyAdd / 1e9,
                format == ScalarType.BFloat16 ? Bar.AtLeast(0.6) : Bar.AtLeast(0.75));
            foreach (var result in Comparison.Run(Name, "GFLOP/s", settings.Rounds, product, training))
                yield return result;

            step.Dispose();
        }
    }

    private static double ProductRate(Tensor factor)
    {
        const int products = 3;
        return products * 2 * Math.Pow(Side, 3) / 1e9 / Comparison.Seconds(() =>
        {
            for (var i = 0; i < products; i++)
                factor.mm(factor).Dispose();
        });
    }
}
