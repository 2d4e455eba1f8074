using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class LayerPlanTests
{
    private static readonly LayerPlan s_plan = new Sequential(TensorShape.Image(9, 9, 3))
    {
        new Conv2D(4, 3), new Dropout(), new Conv2D(6, 3), new Flatten(), new Dense(5, Activation.Softmax),
    }.Plan();

    [TestMethod]
    public void Rewrite_AWiderLayer_IsResolvedDownTheStack()
    {
        var plan = s_plan.Rewrite(layer => layer.Name == "conv2d_1" ? new Conv2D(8, 5) : layer.Layer);

        CollectionAssert.AreEqual(
            s_plan.Select(layer => layer.Name).ToArray(), plan.Select(layer => layer.Name).ToArray());
        Assert.AreEqual(TensorShape.Image(3, 3, 6), plan[2].Output); // 9 - 5 + 1 = 5, 5 - 3 + 1 = 3
        CollectionAssert.AreEqual((int[])[6, 8, 3, 3], plan[2].Weights[0].Dimensions.ToArray());
        CollectionAssert.AreEqual((int[])[5, 54], plan[^1].Weights[0].Dimensions.ToArray());
        Assert.AreEqual(TensorShape.Image(7, 7, 4), s_plan[0].Output); // the old plan is as it was
    }

    // What follows keeps its name, conv2d_2, though it is the first convolution now.
    [TestMethod]
    public void Rewrite_Null_LeavesTheLayerOut()
    {
        var plan = s_plan.Rewrite(layer => layer.Name is "conv2d_1" or "dropout_1" ? null : layer.Layer);

        CollectionAssert.AreEqual(
            (string[])["conv2d_2", "flatten_1", "dense_1"], plan.Select(layer => layer.Name).ToArray());
        CollectionAssert.AreEqual((int[])[6, 3, 3, 3], plan[0].Weights[0].Dimensions.ToArray());
    }

    [TestMethod]
    public void Rewrite_ANewName_IsTaken() => Assert.AreEqual(
        "out/kernel",
        s_plan.Rewrite(layer => layer.Layer is Dense dense ? dense with { Name = "out" } : layer.Layer)
            .Weights.Select(weight => weight.Key).Single(key => key.StartsWith("out/k", StringComparison.Ordinal)));

    [TestMethod]
    public void Rewrite_ToLayersThatDoNotFit_IsRefused() => Assert.AreEqual(
        "conv2d_2 cannot take (None, 1, 1, 4): its 3x3 window is larger than the 1x1 input with padding 'valid'.",
        Assert.ThrowsExactly<AlexNetException>(() => s_plan.Rewrite(
            layer => layer.Name == "conv2d_1" ? new Conv2D(4, 9) : layer.Layer)).Message);

    [TestMethod]
    public void Rewrite_NothingLeft_IsRefused() =>
        Assert.ThrowsExactly<AlexNetException>(() => s_plan.Rewrite(_ => (Layer?)null));

    // 4 channels: gamma, beta and two statistics of 4; 36 units: three of 36. The convolution has 4 x (27 + 1).
    [TestMethod]
    public void Parameters_OfBatchNormalization_CountTheStatisticsApart()
    {
        var plan = new Sequential(TensorShape.Image(5, 5, 3))
            { new Conv2D(4, 3), new BatchNormalization(), new Flatten(), new BatchNormalization(scale: false) }.Plan();

        CollectionAssert.AreEqual((long[])[112, 16, 0, 108], plan.Select(layer => layer.Parameters).ToArray());
        Assert.AreEqual(236, plan.Parameters);
        Assert.AreEqual(112 + 8 + 36, plan.TrainableParameters);
        Assert.AreEqual(plan[0].MultiplyAdds, plan.MultiplyAdds);
    }

    [TestMethod]
    public void Weights_OfBatchNormalization_HaveTheNamesAndTheOrderOfKeras()
    {
        var plan = new Sequential(TensorShape.Image(5, 5, 3)) { new BatchNormalization { Name = "norm" } }.Plan();

        CollectionAssert.AreEqual(
            (string[])["norm/gamma", "norm/beta", "norm/moving_mean", "norm/moving_variance"],
            plan.Weights.Select(weight => weight.Key).ToArray());
        CollectionAssert.AreEqual(
            (bool[])[true, true, false, false], plan.Weights.Select(weight => weight.Shape.IsTrainable).ToArray());
    }
}
