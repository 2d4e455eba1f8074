using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Formats;

/// <summary>ONNX files of other programs' converters, scored by the engine that trains: the frameworks' own outputs.</summary>
[TestClass]
public sealed class ForeignAgainstTorchTests(TestContext context)
{
    [TestMethod]
    [DynamicData(nameof(ForeignNetworks.Files), typeof(ForeignNetworks))]
    public void Forward_OfAFileOfAConverter_GivesTheFrameworksProbabilities(string folder, string file)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var model = ForeignNetworks.ToClassifier(ForeignNetworks.Read(folder, file));
        var pictures = ForeignNetworks.Pictures(folder);
        using var network = new TorchNetwork(model.Plan, model.Weights, model.Preprocessing, CPU, ScalarType.Float32);
        var pixels = tensor(pictures.Bytes).reshape([.. pictures.Shape.Select(side => (long)side)]);

        var probabilities = network.Forward(network.Normalize(pixels), dropout: null).softmax(1).data<float>().ToArray();

        var largest = TorchNetworks.LargestDifference(probabilities, ForeignNetworks.Probabilities(folder, file));
        context.WriteLine(FormattableString.Invariant($"{file}: largest difference {largest:e1}"));
        Assert.IsLessThan(1e-5, largest, file);
    }
}
