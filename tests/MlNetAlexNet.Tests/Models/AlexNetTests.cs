using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Models;

[TestClass]
public sealed class AlexNetTests
{
    // What Keras prints as total after each layer, with 10 classes.
    private static readonly long[] s_totalsSoFar =
    [
        34_944, 34_944, 649_600, 649_600, 1_534_720, 2_862_208,
        3_747_200, 3_747_200, 3_747_200, 41_500_032, 58_281_344, 58_322_314,
    ];

    [TestMethod]
    public void Keras_BuiltLayerByLayer_HasKerasTotalsSoFar()
    {
        var reference = AlexNet.Keras(10);
        var stack = new Sequential(reference.Input);
        var totals = new List<long>();
        foreach (var layer in reference)
        {
            stack.Add(layer);
            totals.Add(stack.Plan().Parameters);
        }

        CollectionAssert.AreEqual(s_totalsSoFar, totals);
    }

    [TestMethod]
    public void Keras_ThousandClasses_HasThePinnedCounts()
    {
        var plan = AlexNet.Keras(1000).Plan();

        Assert.AreEqual(62_378_344, plan.Parameters);
        Assert.AreEqual(1_135.3, plan.MultiplyAdds / 1e6, 0.05);
        Assert.AreEqual(TensorShape.Image(227, 227, 3), plan.Input);
        Assert.AreEqual(TensorShape.Vector(1000), plan.Output);
    }

    // Krizhevsky, Sutskever and Hinton 2012, section 3.5 and figure 2: two GPUs, which is two groups, that see each
    // other's channels in the third convolution alone.
    [TestMethod]
    public void Sequential_ThePapersStack_HasThePinnedCounts()
    {
        var plan = new Sequential(TensorShape.Image(227, 227, 3))
        {
            new Conv2D(96, 11, strides: 4, activation: Activation.Relu),
            new MaxPooling2D(3, strides: 2),
            new Conv2D(256, 5, padding: Padding.Same, activation: Activation.Relu, groups: 2),
            new MaxPooling2D(3, strides: 2),
            new Conv2D(384, 3, padding: Padding.Same, activation: Activation.Relu),
            new Conv2D(384, 3, padding: Padding.Same, activation: Activation.Relu, groups: 2),
            new Conv2D(256, 3, padding: Padding.Same, activation: Activation.Relu, groups: 2),
            new MaxPooling2D(3, strides: 2),
            new Flatten(),
            new Dropout(),
            new Dense(4096, Activation.Relu),
            new Dropout(),
            new Dense(4096, Activation.Relu),
            new Dense(1000, Activation.Softmax),
        }.Plan();

        Assert.AreEqual(60_965_224, plan.Parameters);
        Assert.AreEqual(724.4, plan.MultiplyAdds / 1e6, 0.05);
    }

    // torchvision/models/alexnet.py
    [TestMethod]
    public void Sequential_TorchvisionsStack_HasThePinnedCounts()
    {
        var plan = new Sequential(TensorShape.Image(224, 224, 3))
        {
            new Conv2D(64, 11, strides: 4, padding: Padding.Explicit(2, 2, 2, 2), activation: Activation.Relu),
            new MaxPooling2D(3, strides: 2),
            new Conv2D(192, 5, padding: Padding.Explicit(2, 2, 2, 2), activation: Activation.Relu),
            new MaxPooling2D(3, strides: 2),
            new Conv2D(384, 3, padding: Padding.Explicit(1, 1, 1, 1), activation: Activation.Relu),
            new Conv2D(256, 3, padding: Padding.Explicit(1, 1, 1, 1), activation: Activation.Relu),
            new Conv2D(256, 3, padding: Padding.Explicit(1, 1, 1, 1), activation: Activation.Relu),
            new MaxPooling2D(3, strides: 2),
            new Flatten(),
            new Dropout(),
            new Dense(4096, Activation.Relu),
            new Dropout(),
            new Dense(4096, Activation.Relu),
            new Dense(1000, Activation.Softmax),
        }.Plan();

        Assert.AreEqual(61_100_840, plan.Parameters);
        Assert.AreEqual(714.2, plan.MultiplyAdds / 1e6, 0.05);
    }

    [TestMethod]
    public void Keras_WithDropout_DropsBeforeTheFirstTwoDenseLayersAndCountsTheSame()
    {
        var plan = AlexNet.Keras(10, dropout: 0.4).Plan();

        CollectionAssert.AreEqual(
            (string[])["flatten_1", "dropout_1", "dense_1", "dropout_2", "dense_2", "dense_3"],
            plan.Skip(8).Select(layer => layer.Name).ToArray());
        Assert.AreEqual(0.4, ((Dropout)plan[9].Layer).Rate);
        Assert.AreEqual(58_322_314, plan.Parameters);
    }

    [TestMethod]
    public void Keras_NoClasses_IsRefused() => Assert.ThrowsExactly<AlexNetException>(() => AlexNet.Keras(0));

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(double.NaN)]
    public void Keras_DropoutOutOfRange_IsRefused(double dropout) =>
        Assert.ThrowsExactly<AlexNetException>(() => AlexNet.Keras(10, dropout));
}
