using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class SequentialTests
{
    private static readonly TensorShape s_picture = TensorShape.Image(28, 28, 1);

    [TestMethod]
    public void Add_LayerByLayer_EqualsOneExpression()
    {
        var written = new Sequential(s_picture) { new Conv2D(8, 3), new Flatten(), new Dense(10, Activation.Softmax) };
        var added = new Sequential(s_picture);
        added.Add(new Conv2D(8, 3));
        added.Add(new Flatten());
        added.Add(new Dense(10, Activation.Softmax));

        Assert.AreEqual(ModelSummary.Format(written.Plan()), ModelSummary.Format(added.Plan()));
        CollectionAssert.AreEqual(written.ToArray(), added.ToArray());
    }

    [TestMethod]
    public void Plan_TakenBeforeALayer_DoesNotGrow()
    {
        var stack = new Sequential(s_picture) { new Flatten() };
        var plan = stack.Plan();

        stack.Add(new Dense(10));

        Assert.HasCount(1, plan);
        Assert.AreEqual(TensorShape.Vector(784), plan.Output);
        Assert.AreEqual(TensorShape.Vector(10), stack.Plan().Output);
    }

    [TestMethod]
    public void Add_WithoutNames_NumbersEachKindAsKeras()
    {
        var stack = new Sequential(s_picture)
        {
            new Conv2D(4, 3), new MaxPooling2D(), new Conv2D(4, 3), new MaxPooling2D(),
            new Dropout(), new Flatten(), new Dropout(), new Dense(4), new Dense(4),
        };

        CollectionAssert.AreEqual(
            (string[])
            [
                "conv2d_1", "max_pooling2d_1", "conv2d_2", "max_pooling2d_2",
                "dropout_1", "flatten_1", "dropout_2", "dense_1", "dense_2",
            ],
            stack.Select(layer => layer.Name).ToArray());
    }

    [TestMethod]
    public void Add_OtherKinds_AreNamedAsKerasWould()
    {
        var stack = new Sequential(s_picture)
        {
            new ZeroPadding2D(1, 1, 1, 1), new AveragePooling2D(2), new AdaptiveAveragePooling2D(6),
            new LocalResponseNormalization(), new Flatten(), new ActivationLayer(Activation.Relu),
        };

        CollectionAssert.AreEqual(
            (string[])
            [
                "zero_padding2d_1", "average_pooling2d_1", "adaptive_average_pooling2d_1",
                "local_response_normalization_1", "flatten_1", "activation_1",
            ],
            stack.Select(layer => layer.Name).ToArray());
    }

    [TestMethod]
    public void Add_NamedLayersBetween_DoNotCountAndTheirNamesAreSkipped()
    {
        var stack = new Sequential(TensorShape.Vector(4))
        {
            new Dense(4) { Name = "hidden" }, new Dense(4), new Dense(4) { Name = "dense_2" }, new Dense(4),
        };

        CollectionAssert.AreEqual(
            (string[])["hidden", "dense_1", "dense_2", "dense_3"], stack.Select(layer => layer.Name).ToArray());
    }

    [TestMethod]
    public void Add_TheSameLayerTwice_GivesItTwoNames()
    {
        var dense = new Dense(4);
        var stack = new Sequential(TensorShape.Vector(4)) { dense, dense };

        CollectionAssert.AreEqual((string[])["dense_1", "dense_2"], stack.Select(layer => layer.Name).ToArray());
        Assert.IsNull(dense.Name);
    }

    [TestMethod]
    public void Plan_Weights_AreKeyedByLayerInOrder() => CollectionAssert.AreEqual(
        (string[])["conv2d_1/kernel", "conv2d_1/bias", "out/kernel", "out/bias"],
        new Sequential(s_picture) { new Conv2D(8, 3), new Flatten(), new Dense(10) { Name = "out" } }
            .Plan().Weights.Select(weight => weight.Key).ToArray());
}
