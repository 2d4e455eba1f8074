using Microsoft.ML;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Data;
using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class FrozenLayersTests : IDisposable
{
    private const int Count = 60;

    private static readonly Sequential Stack = new(TensorShape.Image(28, 28, 3))
    {
        new Conv2D(8, 5, strides: 2),                   // 12 x 12 x 8
        new BatchNormalization(),
        new ActivationLayer(Activation.Relu),
        new Dropout(0.3),
        new Conv2D(4, 3, activation: Activation.Relu),  // 10 x 10 x 4
        new MaxPooling2D(2, strides: 2),                // 5 x 5 x 4
        new Flatten(),
        new Dropout(0.2),
        new Dense(16),
        new BatchNormalization(),
        new ActivationLayer(Activation.Relu),
        new Dense(3, Activation.Softmax),
    };

    private readonly PixelSet _pixels = PixelReader.Read(
        TinyPictures.Data(new MLContext(1), TinyPictures.Rows(Count, seed: 1)), "Pixels", "Label", TinyPictures.Classes, default);

    public void Dispose() => _pixels.Dispose();

    [TestMethod]
    [DataRow(Precision.Float32)]
    [DataRow(Precision.BFloat16)]
    public void Run_WithFrozenLayers_LeavesTheirWeightsBitForBit(Precision precision)
    {
        var options = TinyPictures.Options with
        {
            Precision = precision,
            FreezeUntil = "conv2d_2",
            AveragingDecay = 0.5,
            Optimizer = OptimizerKind.AdamW,
            WeightDecay = 0.05,
            LearningRate = 0.001,
            GradientClipNorm = 1,
        };
        var start = Start(options);

        var weights = Run(start, options).Weights;

        foreach (var (key, weight) in start.Model.Weights)
        {
            var isFrozen = key.StartsWith("conv2d", StringComparison.Ordinal) || key.StartsWith("batch_normalization_1", StringComparison.Ordinal);
            Assert.AreEqual(isFrozen, weight.Values.AsSpan().SequenceEqual(weights[key].Values), key);
        }
    }

    // Nothing is frozen where each layer that would be has a step of length 0 and no statistics that move.
    [TestMethod]
    [DataRow("conv2d_1", 1)]
    [DataRow("conv2d_2", 1)]
    [DataRow("dense_1", 3)]
    public void Run_WithFrozenLayers_LearnsWhatStandingLayersWould(string name, int views)
    {
        var stack = new Sequential(Stack.Input, Stack.Select(layer => layer switch
        {
            BatchNormalization norm => new ActivationLayer(Activation.Linear) { Name = norm.Name },
            Dropout drop => drop with { Rate = 0 },
            _ => layer,
        }));
        // As many epochs as views: the same views are drawn.
        var options = TinyPictures.Options with { Epochs = views };
        var standing = stack.Plan().TakeWhile(planned => planned.Name != name).Select(planned => planned.Name).Append(name);

        var frozen = Run(Start(options with { FreezeUntil = name }, stack), options with { FreezeUntil = name });
        var expected = Run(
            Start(options, stack) with { Rates = standing.ToDictionary(layer => layer, _ => 0.0) }, options);

        foreach (var (key, weight) in expected.Weights)
            CollectionAssert.AreEqual(weight.Values, frozen.Weights[key].Values, key);
        CollectionAssert.AreEqual(expected.History.Select(Untimed).ToArray(), frozen.History.Select(Untimed).ToArray());
    }

    public static IEnumerable<string> Presets => AlexNet.Presets.Select(preset => preset.Name);

    // Thin ones at every layer that can be frozen.
    [TestMethod]
    [DynamicData(nameof(Presets))]
    public void ApplyFrozen_AnyLayerOfAPreset_ThenTheOthers_AreTheWholeNetwork(string preset)
    {
        var plan = ThinPreset.Of(AlexNet.GetPreset(preset), classes: 3, dropout: 0.5).Plan();
        var last = plan.Last(planned => planned.Layer is WeightedLayer).Name;
        var names = plan.SkipWhile(planned => planned.Layer is not WeightedLayer).TakeWhile(planned => planned.Name != last)
            .Select(planned => planned.Name).ToArray();
        Assert.IsGreaterThan(10, names.Length);
        AssertWhole(plan, names);
    }

    [TestMethod]
    public void ApplyFrozen_LayersOfAlexNet_ThenTheOthers_AreTheWholeNetwork() =>
        AssertWhole(AlexNet.Keras(10, dropout: 0.5).Plan(), "conv2d_5", "dense_2");

    private static void AssertWhole(LayerPlan plan, params string[] names)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var side = plan.Input.Height;
        var weights = WeightInitializer.HeNormal(plan, new Random(1));
        var preprocessing = new ImagePreprocessing(side, [100, 100, 100], [40, 40, 40]);
        var pixels = randint(0, 256, [2, side, side, 3], ScalarType.Byte);
        using var whole = new TorchNetwork(plan, weights, preprocessing, CPU, ScalarType.Float32);
        var expected = whole.Forward(whole.Normalize(pixels), dropout: null);
        foreach (var name in names)
        {
            var frozen = LayerGroups.CountFrozen(plan, new() { FreezeUntil = name }, isTrained: true);
            using var network = new TorchNetwork(plan, weights, preprocessing, CPU, ScalarType.Float32, frozen);
            var features = network.ApplyFrozen(network.Normalize(pixels));
            Assert.IsTrue(expected.Equals(network.Forward(features, dropout: null)), name);
            Assert.AreEqual(network.FrozenOutput!.Value.Elements, features[0].numel(), name);
            Assert.IsTrue(network.Parameters.All(parameter => plan.Skip(frozen).Any(
                planned => parameter.Key.StartsWith(planned.Name + "/", StringComparison.Ordinal))), name);
            Assert.AreSame(weights[$"{plan.First(planned => planned.Layer is WeightedLayer).Name}/kernel"], network.ToWeightSet().First().Value);
        }
    }

    // What is read again is what was computed, whatever the order; what is not yet there is computed.
    [TestMethod]
    [DataRow("conv2d_1", ScalarType.Float32)]
    [DataRow("conv2d_2", ScalarType.BFloat16)]
    [DataRow("dense_1", ScalarType.BFloat16)]
    public void Get_AgainInAnotherEpoch_IsWhatWasComputed(string name, ScalarType format)
    {
        var options = TinyPictures.Options with { Epochs = 9, FreezeUntil = name, FrozenViews = 2, BatchSize = 7 };
        var start = Start(options);
        using var network = new TorchNetwork(
            start.Model.Plan, start.Model.Weights, start.Model.Preprocessing, CPU, format, start.FrozenLayers);
        using var source = Source(0..24, options);
        using var inputs = new NetworkInputs(network, source, options, isLearnt: true);

        var epochs = Enumerable.Range(1, 4).Select(epoch => TakeAll(epoch)).ToArray();

        CollectionAssert.AreEqual(new[] { true, true, false, false }, epochs.Select(epoch => epoch.HasPixels).ToArray());
        for (var epoch = 0; epoch < 2; epoch++)
        {
            foreach (var (row, features) in epochs[epoch].Features)
                CollectionAssert.AreEqual(features, epochs[epoch + 2].Features[row]);
        }

        CollectionAssert.AreNotEqual(epochs[0].Features.Keys.ToArray(), epochs[2].Features.Keys.ToArray(), "the order is another");
        Assert.IsTrue(epochs[0].Features.All(pair => !pair.Value.SequenceEqual(epochs[1].Features[pair.Key])), "the views are others");

        (bool HasPixels, Dictionary<int, float[]> Features) TakeAll(int epoch)
        {
            var (view, features, hasPixels) = (inputs.ViewOf(epoch), new Dictionary<int, float[]>(), false);
            foreach (var batch in source.Shuffle(1, epoch, options.Augmentation, view: view, needsPixels: rows => inputs.NeedsPixels(rows, view)))
            {
                using var scope = NewDisposeScope();
                var all = inputs.Get(batch, view);
                hasPixels |= batch.HasPixels;
                for (var i = 0; i < batch.Count; i++)
                    features.Add(batch.Rows[i], [.. all[i].to(ScalarType.Float32).flatten().data<float>()]);
            }

            return (hasPixels, features);
        }
    }

    // The passes after the views are computed read no pixels: the pictures may be gone.
    [TestMethod]
    public void Run_OnceTheViewsAreComputed_NeedsNoPictures()
    {
        var options = TinyPictures.Options with { Epochs = 5, FreezeUntil = "conv2d_2", FrozenViews = 2 };
        var seen = new Recorder(progress =>
        {
            if (progress is EpochCompleted { Epoch: 2 })
                _pixels.Dispose();
        });
        Assert.HasCount(5, Run(Start(options), options, seen).History);
    }

    [TestMethod]
    public void Run_WithFrozenLayersAndNewNormalizations_MeasuresThoseThatLearn()
    {
        var stack = TinyPictures.Network(3, 0);
        var options = TinyPictures.Options with { FreezeUntil = "conv2d_1", BatchNormalization = true, LearningRate = 1e-30, WarmUpSteps = 0 };
        var start = Start(options, stack);
        Assert.IsTrue(start.MeasuresNormalization);

        var weights = Run(start, options).Weights;

        Assert.IsTrue(weights["dense_1_normalization/moving_variance"].Values.All(value => value != start.Model.Weights["dense_1_normalization/moving_variance"].Values[0]));
        CollectionAssert.AreEqual(start.Model.Weights["conv2d_1/kernel"].Values, weights["conv2d_1/kernel"].Values);
    }

    private static StartingModel Start(TrainingOptions options, Sequential? stack = null)
    {
        var plan = (stack ?? Stack).Plan();
        var preprocessing = new ImagePreprocessing(28, [100, 100, 100], [40, 40, 40]) { ImageSize = TinyPictures.Size };
        var model = new TrainedModel(plan, WeightInitializer.HeNormal(plan, new Random(1)), preprocessing, TinyPictures.Classes);
        return TrainingStart.FromModel(model).Resolve(TinyPictures.Classes, preprocessing.Form, options);
    }

    private TrainingOutcome Run(StartingModel start, TrainingOptions options, Recorder? seen = null)
    {
        using var train = Source(0..48, options);
        using var validation = Source(48..Count, options);
        return TrainingLoop.Run(
            start, start.Model.Preprocessing, train, validation, [1, 1, 1], lessons: null, options, new TrainingObservation { Progress = seen });
    }

    private BatchSource Source(Range rows, TrainingOptions options) =>
        new(new(_pixels, Enumerable.Range(0, Count).ToArray()[rows]), options.BatchSize, 28, threads: 2);

    private static EpochCompleted Untimed(EpochCompleted epoch) => epoch with { Seconds = 0, ImagesPerSecond = 0 };
}
