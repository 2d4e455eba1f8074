using System.Runtime.InteropServices;
using MlNetAlexNet.Formats.TensorFlowJs;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.InteropTool;

/// <summary>
/// A folder a network: model.json and shards, pictures.bin (bytes, N x height x width x RGB), probabilities.bin
/// (floats).
/// </summary>
internal static class TensorFlowJsCheck
{
    private const double MostDifference = 1e-4;
    private const int Pictures = 3;

    /// <summary>Networks of every layer that TensorFlow.js has, for it to read.</summary>
    public static void Write(string folder)
    {
        foreach (var (name, stack) in Stacks())
        {
            var plan = stack.Plan();
            var random = new Random(1);
            var weights = new WeightSet(WeightInitializer.HeNormal(plan, random).Select(pair => KeyValuePair.Create(
                pair.Key,
                pair.Value with
                {
                    Values = [.. pair.Value.Values.Select(value => Livelier(pair.Key, plan, value, random))],
                })));
            var pictures = new byte[Pictures * plan.Input.Elements];
            random.NextBytes(pictures);
            var target = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            TensorFlowJsModel.Write(plan, weights, target);
            File.WriteAllBytes(Path.Combine(target, "pictures.bin"), pictures);
            var probabilities = Scorer.Score(plan, weights, pictures);
            File.WriteAllBytes(
                Path.Combine(target, "probabilities.bin"), MemoryMarshal.AsBytes(probabilities.AsSpan()).ToArray());
        }
    }

    /// <summary>Reads the networks that TensorFlow.js saved; 1 if one gives other probabilities.</summary>
    public static int Read(string folder)
    {
        var status = 0;
        foreach (var network in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            var model = TensorFlowJsModel.Read(network);
            var pictures = File.ReadAllBytes(Path.Combine(network, "pictures.bin"));
            var ours = Scorer.Score(model.Plan, model.Weights, pictures);
            var bytes = File.ReadAllBytes(Path.Combine(network, "probabilities.bin"));
            var theirs = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
            var largest = ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max();
            Console.WriteLine(FormattableString.Invariant(
                $"TensorFlow.js -> ours  {Path.GetFileName(network),-12} largest difference {largest:0.0e-0}, ") +
                FormattableString.Invariant($"probabilities up to {theirs.Max():f2}"));
            if (!(largest <= MostDifference) || ours.Length != theirs.Length)
                status = 1;
        }

        return status;
    }

    // Biases that differ, and a last layer that tells the classes apart.
    private static float Livelier(string key, LayerPlan plan, float value, Random random) =>
        key.EndsWith("/bias", StringComparison.Ordinal) ? random.NextSingle() - 0.5f
        : key.StartsWith(plan.Last(layer => layer.Parameters > 0).Name, StringComparison.Ordinal) ? 100 * value : value;

    private static IEnumerable<(string Name, Sequential Stack)> Stacks()
    {
        yield return ("alexnet", new Sequential(TensorShape.Image(67, 67, 3))
        {
            new Conv2D(8, 11, 4, activation: Activation.Relu),
            new MaxPooling2D(3, 2),
            new Conv2D(16, 5, padding: Padding.Same, activation: Activation.Relu, groups: 2),
            new MaxPooling2D(3, 2),
            new Flatten(),
            new Dropout(),
            new Dense(12, Activation.Relu),
            new Dense(5, Activation.Softmax),
        });
        yield return ("padding", new Sequential(TensorShape.Image(30, 30, 3))
        {
            new ZeroPadding2D(2, 1, 0, 3),
            new Conv2D(6, (3, 5), (2, 3), Padding.Same, useBias: false),
            new ActivationLayer(Activation.Relu),
            new Conv2D(6, 3, padding: Padding.Explicit(2, 0, 1, 1), dilation: 2),
            new AveragePooling2D(3, 2, Padding.Same),
            new AdaptiveAveragePooling2D(1),
            new Flatten(),
            new Dense(4, useBias: false),
            new ActivationLayer(Activation.Softmax),
        });
        // More than one shard.
        yield return ("shards", new Sequential(TensorShape.Image(20, 20, 3))
        {
            new Flatten(), new Dense(1500, Activation.Relu), new Dense(3, Activation.Softmax),
        });
    }
}
