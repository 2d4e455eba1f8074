using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Formats.TensorFlowJs;
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

        AssertOutputs(file, model);
    }

    // Every network once: which file it comes from makes no difference to the engine.
    public static IEnumerable<string> Others =>
        KerasNetworks.FilesOfOthers.Where(file => !file.EndsWith(".weights.h5", StringComparison.Ordinal));

    [TestMethod]
    [DynamicData(nameof(Others))]
    public void Forward_OfOtherLayersAndEnds_GivesKerasOutputs(string file) =>
        AssertOutputs(file, KerasFile.Read(Expected.Keras(file), KerasNetworks.CustomLayers));

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

            AssertOutputs($"{name}.h5", read);
        }
    }

    private void AssertOutputs(string file, ModelFileContent model)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var pictures = KerasNetworks.Pictures(file);
        using var network = new TorchNetwork(
            model.Plan, model.Weights, KerasNetworks.Preprocessing(model.Plan, model.Normalization), CPU, ScalarType.Float32);
        var pixels = tensor(pictures.Bytes).reshape([.. pictures.Shape.Select(side => (long)side)]);

        // The engine leaves the softmax to the loss; another end is as it is.
        var ends = network.Forward(network.Normalize(pixels), dropout: null);
        var outputs = (model.Plan[^1].EndsInSoftmax ? ends.softmax(1) : ends).data<float>().ToArray();

        var largest = outputs
            .Zip(KerasNetworks.Outputs(file), (ours, theirs) => Math.Abs(ours - theirs)).Max();
        context.WriteLine(FormattableString.Invariant($"{file}: largest difference {largest:e1}"));
        Assert.IsLessThan(1e-5f, largest, file);
    }
}
