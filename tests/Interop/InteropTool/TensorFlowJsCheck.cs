using System.Runtime.InteropServices;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.TensorFlowJs;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.InteropTool;

/// <summary>
/// A folder a network: model.json and shards, pictures.bin (bytes, N x height x width x RGB), outputs.bin (floats).
/// </summary>
internal static class TensorFlowJsCheck
{
    private const double MostDifference = 1e-4;
    private const int Pictures = 3;
    private const string Normalized = "normalized"; // by a layer of its own

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
            var model = new ModelFileContent(plan, weights, Ignored: [])
            {
                Normalization = name == Normalized ? new([120, 110, 100], [60, 50, 70], "the check") : null,
            };
            var pictures = new byte[Pictures * plan.Input.Elements];
            random.NextBytes(pictures);
            var target = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            TensorFlowJsModel.Write(model, target, overwrite: true);
            File.WriteAllBytes(Path.Combine(target, "pictures.bin"), pictures);
            var outputs = Scorer.Outputs(model, pictures);
            File.WriteAllBytes(Path.Combine(target, "outputs.bin"), MemoryMarshal.AsBytes(outputs.AsSpan()).ToArray());
        }
    }

    /// <summary>Reads the networks that TensorFlow.js saved; 1 if one gives other outputs.</summary>
    public static int Read(string folder)
    {
        var status = 0;
        foreach (var network in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            var model = TensorFlowJsModel.Read(network);
            var pictures = File.ReadAllBytes(Path.Combine(network, "pictures.bin"));
            var ours = Scorer.Outputs(model, pictures);
            var bytes = File.ReadAllBytes(Path.Combine(network, "outputs.bin"));
            var theirs = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
            var largest = ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max();
            Console.WriteLine(FormattableString.Invariant(
                $"TensorFlow.js -> ours  {Path.GetFileName(network),-12} largest difference {largest:0.0e-0}, ") +
                FormattableString.Invariant($"outputs up to {theirs.Max():f2}"));
            if (!(largest <= MostDifference) || ours.Length != theirs.Length)
                status = 1;
        }

        return status;
    }

    // Biases and statistics that differ, and a last layer that tells the classes apart.
    private static float Livelier(string key, LayerPlan plan, float value, Random random) =>
        !key.EndsWith("/kernel", StringComparison.Ordinal) ? value + random.NextSingle() - 0.5f
        : key.StartsWith(Last(plan).Name, StringComparison.Ordinal) ? 300 / MathF.Sqrt(Last(plan).Input.Elements) * value : value;

    private static PlannedLayer Last(LayerPlan plan) => plan.Last(layer => layer.Parameters > 0);

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
        yield return (Normalized, new Sequential(TensorShape.Image(40, 40, 3))
        {
            new Conv2D(8, 5, 2, useBias: false),
            new BatchNormalization(epsilon: 1e-5, scale: false),
            new ActivationLayer(Activation.Relu),
            new MaxPooling2D(3, 2),
            new BatchNormalization(center: false),
            new Conv2D(8, 3, padding: Padding.Same, activation: Activation.Elu),
            new LeakyReLU(0.1),
            new Conv2D(8, 3, activation: Activation.Tanh),
            new ELU(),
            new Flatten(),
            new BatchNormalization(momentum: 0.9),
            new Dense(12, Activation.Sigmoid),
            new BatchNormalization(),
            new Dense(4, Activation.Softmax),
        });
        yield return ("logits", new Sequential(TensorShape.Image(9, 9, 3)) { new Flatten(), new Dense(4) });
        yield return ("binary", new Sequential(TensorShape.Image(9, 9, 3))
        {
            new Conv2D(4, 3), new Flatten(), new Dense(1, Activation.Sigmoid),
        });
        yield return ("grey", new Sequential(TensorShape.Image(12, 12, 1))
        {
            new Conv2D(4, 3, activation: Activation.Relu), new Flatten(), new Dense(4, Activation.Softmax),
        });
        // More than one shard.
        yield return ("shards", new Sequential(TensorShape.Image(20, 20, 3))
        {
            new Flatten(), new Dense(1500, Activation.Relu), new Dense(3, Activation.Softmax),
        });
    }
}
