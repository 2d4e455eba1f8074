using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

/// <summary>A layer changed by <c>with</c>: checked as a new one is, and whole.</summary>
[TestClass]
public sealed class LayerTests
{
    private static readonly Conv2D s_convolution = new(
        8, (3, 4), (1, 2), Padding.Same, Activation.Relu, groups: 2, dilation: (2, 1), useBias: false)
    { Name = "c" };

    [TestMethod]
    public void With_OneProperty_KeepsTheOthers()
    {
        var changed = s_convolution with { Filters = 16 };

        Assert.AreEqual(
            new Conv2D(16, (3, 4), (1, 2), Padding.Same, Activation.Relu, groups: 2, dilation: (2, 1), useBias: false)
            {
                Name = "c",
            },
            changed);
        Assert.AreEqual(s_convolution, changed with { Filters = 8 });
    }

    [TestMethod]
    public void With_WhatAllWeightedLayersHave_KeepsTheKind()
    {
        WeightedLayer[] layers = [s_convolution, new Dense(10, Activation.Softmax)];

        foreach (var layer in layers.Select(layer => layer with { Activation = Activation.Linear, UseBias = true }))
        {
            Assert.AreEqual(Activation.Linear, layer.Activation);
            Assert.HasCount(2, layer.ListWeights(layer is Dense ? TensorShape.Vector(4) : TensorShape.Image(9, 9, 4)));
        }

        Assert.AreEqual(new Dense(10), layers[1] with { Activation = Activation.Linear });
    }

    [TestMethod]
    public void With_OtherFilters_GivesOtherWeights() => CollectionAssert.AreEqual(
        (int[])[16, 2, 3, 4],
        (s_convolution with { Filters = 16 }).ListWeights(TensorShape.Image(9, 9, 4))[0].Dimensions.ToArray());

    // A function for each, since what is refused is the expression itself.
    private static readonly Dictionary<string, Func<Layer>> s_unfit = new()
    {
        ["Conv2D with filters 0; it must be at least 1."] = () => s_convolution with { Filters = 0 },
        ["Conv2D with kernel 3x0; both sides must be at least 1."] = () => s_convolution with { Kernel = (3, 0) },
        ["Conv2D with strides -1x-1; both sides must be at least 1."] = () => s_convolution with { Strides = -1 },
        ["Conv2D with groups 0; it must be at least 1."] = () => s_convolution with { Groups = 0 },
        ["Conv2D with dilation 0x0; both sides must be at least 1."] = () => s_convolution with { Dilation = 0 },
        ["Dense with units -5; it must be at least 1."] = () => new Dense(5) with { Units = -5 },
        ["MaxPooling2D with poolSize 0x2; both sides must be at least 1."] =
            () => new MaxPooling2D(3) with { PoolSize = (0, 2) },
        ["AveragePooling2D with strides 0x0; both sides must be at least 1."] =
            () => new AveragePooling2D(3) with { Strides = 0 },
        ["AdaptiveAveragePooling2D with outputSize 6x0; both sides must be at least 1."] =
            () => new AdaptiveAveragePooling2D(6) with { OutputSize = (6, 0) },
        ["Dropout with rate 1.5; it must be at least 0 and below 1."] = () => new Dropout() with { Rate = 1.5 },
        ["ZeroPadding2D of 1, 2, -3, 4 pixels; a side cannot be negative."] =
            () => new ZeroPadding2D(1, 2, 3, 4) with { Sides = new PaddingSides(1, 2, -3, 4) },
        ["LocalResponseNormalization with size 4; it must be odd, so that the value's own channel is in the middle."] =
            () => new LocalResponseNormalization() with { Size = 4 },
        ["LocalResponseNormalization with alpha -0.5; it must be at least 0."] =
            () => new LocalResponseNormalization() with { Alpha = -0.5 },
        ["LocalResponseNormalization with beta NaN; it must be at least 0."] =
            () => new LocalResponseNormalization() with { Beta = double.NaN },
        ["LocalResponseNormalization with k 0; it must be above 0."] =
            () => new LocalResponseNormalization() with { K = 0 },
    };

    public static IEnumerable<string> Unfit => s_unfit.Keys;

    [TestMethod]
    [DynamicData(nameof(Unfit))]
    public void With_ValueOutOfRange_IsRefusedAsTheConstructorRefusesIt(string message) =>
        Assert.AreEqual(message, Assert.ThrowsExactly<AlexNetException>(() => s_unfit[message]()).Message);
}
