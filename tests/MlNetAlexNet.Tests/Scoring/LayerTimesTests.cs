using MlNetAlexNet.Models;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.Scoring;

[TestClass]
public sealed class LayerTimesTests
{
    // All but the layers that ONNX Runtime leaves out, and the dense ones hold 54 of the 58 million weights.
    [TestMethod]
    public void Measure_AlexNet_HasATimeForEachLayerThatComputes()
    {
        var model = TinyModel.Of(AlexNet.Keras(10), imageSize: 256, seed: 1);

        var times = LayerTimes.Measure(model, CancellationToken.None);

        CollectionAssert.IsSubsetOf(
            model.Plan.Where(layer => layer.Parameters > 0).Select(layer => layer.Name).ToArray(), times.Keys.ToArray());
        Assert.IsEmpty(times.Keys.Except(model.Plan.Select(layer => layer.Name)).Except([""]));
        Assert.IsTrue(times.Values.All(time => time is >= 0 and < 10_000));
        Assert.IsGreaterThan(times["max_pooling2d_1"], times["dense_1"]);
    }

    // ONNX Runtime's profile of a name that it did not take in time would lie where the user works.
    [TestMethod]
    public void Measure_ANetwork_LeavesNoFile()
    {
        var before = Directory.GetFiles(Environment.CurrentDirectory);

        LayerTimes.Measure(TinyModel.Of(AlexNet.Keras(2), imageSize: 256, seed: 1), CancellationToken.None);

        Assert.IsEmpty(Directory.GetFiles(Environment.CurrentDirectory).Except(before).Where(path => path.Contains("profile", StringComparison.OrdinalIgnoreCase)));
    }

    [TestMethod]
    public void Measure_Cancelled_Ends() => Assert.ThrowsExactly<OperationCanceledException>(
        () => LayerTimes.Measure(TinyModel.Of(AlexNet.Keras(2), imageSize: 256, seed: 1), new CancellationToken(canceled: true)));
}
