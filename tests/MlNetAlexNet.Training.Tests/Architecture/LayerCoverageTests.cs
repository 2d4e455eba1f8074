using Microsoft.ML.OnnxRuntime;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Training.Engine;
using TorchSharp;
using Padding = MlNetAlexNet.Layers.Padding;

namespace MlNetAlexNet.Training.Tests.Architecture;

/// <summary>Every kind of layer is handled by every engine and file format.</summary>
[TestClass]
public sealed class LayerCoverageTests
{
    private static readonly ImagePreprocessing s_preprocessing = new(8, [1, 2, 3], [4, 5, 6]) { ImageSize = 10 };

    // A new kind of layer needs an example here, and then a case in each engine and format.
    private static readonly Dictionary<Type, Layer[]> s_examples = new()
    {
        [typeof(Conv2D)] = [new Conv2D(4, 3, strides: 2, Padding.Same, Activation.Relu)],
        [typeof(MaxPooling2D)] = [new MaxPooling2D(3, strides: 2, Padding.Same)],
        [typeof(Flatten)] = [new Flatten()],
        [typeof(Dense)] = [new Flatten(), new Dense(5, Activation.Relu)],
        [typeof(Dropout)] = [new Dropout(0.5)],
        [typeof(AveragePooling2D)] = [new AveragePooling2D(3, strides: 2, Padding.Same)],
        [typeof(AdaptiveAveragePooling2D)] = [new AdaptiveAveragePooling2D((3, 5))],
        [typeof(ZeroPadding2D)] = [new ZeroPadding2D(0, 1, 2, 3)],
        [typeof(LocalResponseNormalization)] = [new LocalResponseNormalization()],
        [typeof(ActivationLayer)] = [new ActivationLayer(Activation.Relu)],
    };

    public static IEnumerable<Type> Layers =>
        typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract);

    [TestMethod]
    [DynamicData(nameof(Layers))]
    public void TorchNetwork_EveryKindOfLayer_GivesALogitAClass(Type layer)
    {
        var plan = Plan(layer);
        using var scope = torch.NewDisposeScope();
        using var network = new TorchNetwork(plan, Weights(plan), s_preprocessing, torch.CPU, torch.ScalarType.Float32);

        var pixels = torch.zeros([2, 8, 8, 3], torch.ScalarType.Byte);
        var logits = network.Forward(network.Normalize(pixels), dropout: null);

        CollectionAssert.AreEqual((long[])[2, 3], logits.shape);
    }

    [TestMethod]
    [DynamicData(nameof(Layers))]
    public void OnnxExport_EveryKindOfLayer_WritesAGraphThatRuns(Type layer)
    {
        using var file = new MemoryStream();
        OnnxExport.Create(Model(layer)).WriteTo(file);
        AssertRuns(file);
    }

    [TestMethod]
    [DynamicData(nameof(Layers))]
    public void OnnxInt8Export_EveryKindOfLayer_WritesAGraphThatRuns(Type layer)
    {
        var model = Model(layer);
        using var file = new MemoryStream();
        var ranges = OnnxExport.Activations(model.Plan).ToDictionary(name => name, _ => new ActivationRange(-3, 3));
        OnnxInt8Export.Create(model, ranges).WriteTo(file);
        AssertRuns(file);
    }

    private static TrainedModel Model(Type layer)
    {
        var plan = Plan(layer);
        return new TrainedModel(plan, Weights(plan), s_preprocessing, ["a", "b", "c"], topK: 2);
    }

    private static void AssertRuns(MemoryStream file)
    {
        using var session = new InferenceSession(file.ToArray());
        using var pixels = OrtValue.CreateTensorValueFromMemory(new byte[10 * 10 * 3], [1, 10, 10, 3]);
        using var options = new RunOptions();
        using var scores = session.Run(options, ["Pixels"], [pixels], [OnnxNames.Score]);

        Assert.AreEqual(3, scores[0].GetTensorTypeAndShape().ElementCount);
    }

    [TestMethod]
    [DynamicData(nameof(Layers))]
    public void KerasFile_EveryKindOfLayer_IsWrittenOrRefusedByName(Type layer)
    {
        var plan = Plan(layer);
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.keras");
        try
        {
            KerasFile.Write(plan, Weights(plan), path);
            Assert.AreEqual(plan.Parameters, KerasFile.Read(path).Plan.Parameters);
        }
        catch (AlexNetException refused)
        {
            StringAssert.Contains(refused.Message, $"'{plan[0].Name}'");
        }
    }

    private static LayerPlan Plan(Type layer)
    {
        Assert.IsTrue(s_examples.TryGetValue(layer, out var layers), $"{layer.Name} has no example in this test.");
        var stack = new Sequential(TensorShape.Image(8, 8, 3));
        foreach (var next in (Layer[])[.. layers, new Flatten(), new Dense(3, Activation.Softmax)])
        {
            stack.Add(next);
        }

        return stack.Plan();
    }

    private static WeightSet Weights(LayerPlan plan) => WeightInitializer.HeNormal(plan, new Random(1));
}
