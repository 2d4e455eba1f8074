using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

/// <summary>A stack that cannot work is refused as it is built, naming the layer and the two shapes.</summary>
[TestClass]
public sealed class SequentialRefusalTests
{
    [TestMethod]
    public void Add_KernelLargerThanInput_NamesLayerAndBothShapes() => Refuses(
        TensorShape.Image(5, 227, 3),
        "conv2d_1 cannot take (None, 5, 227, 3): its 11x11 window is larger than the 5x227 input with padding 'valid'.",
        new Conv2D(96, 11));

    [TestMethod]
    public void Add_KernelLargerThanPaddedInput_CountsThePadding() => Refuses(
        TensorShape.Image(5, 5, 3),
        "wide cannot take (None, 5, 5, 3): its 11x11 window is larger than the 7x8 input with padding '1, 1, 1, 2'.",
        new Conv2D(96, 11, padding: Padding.Explicit(1, 1, 1, 2)) { Name = "wide" });

    [TestMethod]
    public void Add_PoolLargerThanInput_NamesTheLayerByItsNumber() => Refuses(
        TensorShape.Image(6, 6, 3),
        "max_pooling2d_2 cannot take (None, 2, 2, 3): " +
        "its 3x3 window is larger than the 2x2 input with padding 'valid'.",
        new MaxPooling2D(3, strides: 3), new MaxPooling2D(3));

    [TestMethod]
    public void Add_GroupsDoNotDivideChannels_NamesBothShapes() => Refuses(
        TensorShape.Image(27, 27, 95),
        "conv2d_1 cannot take (None, 27, 27, 95): " +
        "to make (None, 27, 27, 256), its 2 groups must divide the 95 input channels.",
        new Conv2D(256, 5, padding: Padding.Same, groups: 2));

    [TestMethod]
    public void Add_GroupsDoNotDivideFilters_NamesBothShapes() => Refuses(
        TensorShape.Image(27, 27, 96),
        "conv2d_1 cannot take (None, 27, 27, 96): " +
        "to make (None, 23, 23, 255), its 2 groups must divide the 255 filters.",
        new Conv2D(255, 5, groups: 2));

    [TestMethod]
    public void Add_DenseOnAnImage_SaysFlatten() => Refuses(
        TensorShape.Image(6, 6, 256),
        "dense_1 cannot take (None, 6, 6, 256): it needs a vector to make (None, 10). Put Flatten before it.",
        new Dense(10));

    [TestMethod]
    public void Add_ConvolutionAfterFlatten_SaysPutItBefore() => Refuses(
        TensorShape.Image(6, 6, 256),
        "conv2d_1 cannot take (None, 9216): it needs an image (height, width, channels). Put it before Flatten.",
        new Flatten(), new Conv2D(10, 1));

    [TestMethod]
    public void Add_NameTaken_IsRefused() => Refuses(
        TensorShape.Vector(4),
        "Two layers are called 'fc'; give one of them another Name.",
        new Dense(4) { Name = "fc" }, new Dense(4) { Name = "fc" });

    [TestMethod]
    [DataRow("")]
    [DataRow(" ")]
    [DataRow("block/fc")]
    public void Add_NotAName_IsRefused(string name) => Refuses(
        TensorShape.Vector(4),
        $"A layer is called '{name}'; a Name cannot be blank or hold a '/'.",
        new Dense(4) { Name = name });

    [TestMethod]
    public void Add_AfterSoftmax_IsRefused() => Refuses(
        TensorShape.Vector(4),
        "dense_2 comes after 'dense_1', whose softmax ends the stack. Put the softmax in the last layer.",
        new Dense(4, Activation.Softmax), new Dense(4));

    [TestMethod]
    public void Add_AfterASoftmaxLayer_IsRefused() => Refuses(
        TensorShape.Vector(4),
        "dense_1 comes after 'activation_1', whose softmax ends the stack. Put the softmax in the last layer.",
        new ActivationLayer(Activation.Softmax), new Dense(4));

    [TestMethod]
    public void Plan_EmptyStack_IsRefused() => Assert.AreEqual(
        "The stack over (None, 6, 6, 3) has no layers; add at least one.",
        Assert.ThrowsExactly<AlexNetException>(() => new Sequential(TensorShape.Image(6, 6, 3)).Plan()).Message);

    [TestMethod]
    public void Constructor_DefaultShape_IsRefused() =>
        Assert.ThrowsExactly<AlexNetException>(() => new Sequential(default));

    [TestMethod]
    public void Add_Refused_LeavesTheStackAsItWas()
    {
        var stack = new Sequential(TensorShape.Image(5, 5, 3)) { new Conv2D(4, 3) };

        Assert.ThrowsExactly<AlexNetException>(() => stack.Add(new Conv2D(96, 11)));
        stack.Add(new Conv2D(8, 3));

        CollectionAssert.AreEqual((string[])["conv2d_1", "conv2d_2"], stack.Select(layer => layer.Name).ToArray());
    }

    private static void Refuses(TensorShape input, string message, params Layer[] layers)
    {
        var stack = new Sequential(input);
        foreach (var layer in layers[..^1])
        {
            stack.Add(layer);
        }

        Assert.AreEqual(message, Assert.ThrowsExactly<AlexNetException>(() => stack.Add(layers[^1])).Message);
    }
}
