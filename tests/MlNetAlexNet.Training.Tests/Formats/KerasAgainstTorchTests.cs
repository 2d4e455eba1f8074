using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Formats.TensorFlowJs;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Formats;

/// <summary>Networks that Keras saved, scored by the engine that trains: Keras' own probabilities.</summary>
[TestClass]
public sealed class KerasAgainstTorchTests(TestContext context)
{
    public static IEnumerable<string> Files => KerasNetworks.Files;

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Forward_OfAFileOfKeras_GivesItsProbabilities(string file)
    {
        var name = KerasNetworks.NameOf(file);
        var model = file.EndsWith(".weights.h5", StringComparison.Ordinal)
            ? KerasFile.ReadWeights(Expected.Keras(file), KerasFile.Read(Expected.Keras($"{name}.h5")).Plan)
            : KerasFile.Read(Expected.Keras(file));

        AssertProbabilities(file, model.Plan, model.Weights);
    }

    // The grouped convolution comes back without groups.
    [TestMethod]
    public void Forward_AfterTensorFlowJs_GivesKerasProbabilities()
    {
        foreach (var name in KerasNetworks.Names)
        {
            var model = KerasFile.Read(Expected.Keras($"{name}.h5"));
            using var folder = new TemporaryFolder();
            TensorFlowJsModel.Write(model.Plan, model.Weights, folder.Path);

            var read = TensorFlowJsModel.Read(folder.Path);

            AssertProbabilities($"{name}.h5", read.Plan, read.Weights);
        }
    }

    private void AssertProbabilities(string file, LayerPlan plan, WeightSet weights)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var pictures = KerasNetworks.Pictures(file);
        using var network = new TorchNetwork(
            plan, weights, KerasNetworks.Preprocessing(plan), CPU, ScalarType.Float32);
        var pixels = tensor(pictures.Bytes).reshape([.. pictures.Shape.Select(side => (long)side)]);

        var probabilities = network.Forward(network.Normalize(pixels), dropout: null).softmax(1).data<float>().ToArray();

        var largest = probabilities
            .Zip(KerasNetworks.Outputs(file), (ours, theirs) => Math.Abs(ours - theirs)).Max();
        context.WriteLine(FormattableString.Invariant($"{file}: largest difference {largest:e1}"));
        Assert.IsLessThan(1e-5f, largest, file);
    }
}
