using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

/// <summary>The files that PyTorch wrote, in the engine that trains.</summary>
[TestClass]
public sealed class TorchFilesTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DynamicData(nameof(TorchNetworks.Files), typeof(TorchNetworks))]
    public void Forward_FileOfPyTorch_GivesItsLogits(string file, double tolerance)
    {
        var model = TorchNetworks.ToClassifier(TorchNetworks.Read(file));
        var pictures = TorchNetworks.Pictures;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = new TorchNetwork(model.Plan, model.Weights, model.Preprocessing, CPU, ScalarType.Float32);

        var pixels = tensor(pictures.Bytes).reshape([.. pictures.Shape.Select(side => (long)side)]);
        var logits = network.Forward(network.Normalize(pixels), dropout: null).data<float>().ToArray();

        var largest = TorchNetworks.LargestDifference(logits);
        TestContext.WriteLine(FormattableString.Invariant($"{file}: largest difference of a logit {largest:g3}"));
        Assert.IsLessThan(tolerance, largest);
    }
}
