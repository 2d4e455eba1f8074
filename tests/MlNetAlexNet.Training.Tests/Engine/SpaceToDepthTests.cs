using MlNetAlexNet.Layers;
using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Padding = MlNetAlexNet.Layers.Padding;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class SpaceToDepthTests
{
    public static IEnumerable<object[]> Convolutions =>
    [
        ["the first of AlexNet", 35, new Conv2D(8, 11, 4)],
        ["kernel a multiple of the stride", 17, new Conv2D(5, 4, 2)],
        ["kernel smaller than the stride", 20, new Conv2D(5, 2, 3)],
        ["pixels left over", 23, new Conv2D(5, 5, 4)],
        ["uneven sides", 21, new Conv2D(5, (4, 7), (3, 2), Padding.Same)],
        ["padding on one side", 19, new Conv2D(5, 3, 2, Padding.Explicit(0, 3, 2, 1))],
    ];

    [TestMethod]
    [DynamicData(nameof(Convolutions))]
    public void Convolve_AnyStride_EqualsTorchsConvolutionForwardAndBackward(string name, int side, Conv2D conv)
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        var planned = new Sequential(TensorShape.Image(side, side, 3)) { conv }.Plan()[0];
        Assert.IsTrue(SpaceToDepth.Suits(conv, planned.Input), name);
        var x = ChannelsLast.Of(randn(2, 3, side, side)).requires_grad_(true);
        var kernel = ChannelsLast.Of(randn(conv.Filters, 3, conv.Kernel.Height, conv.Kernel.Width)).requires_grad_(true);
        var bias = randn(conv.Filters).requires_grad_(true);

        var ours = SpaceToDepth.Convolve(planned, x, kernel, bias);
        var sides = conv.Padding.Resolve(planned.Input, conv.Kernel, conv.Strides);
        var theirs = functional.conv2d(
            functional.pad(x, [sides.Left, sides.Right, sides.Top, sides.Bottom]),
            kernel,
            bias,
            strides: [conv.Strides.Height, conv.Strides.Width]);

        AssertEqual(theirs, ours);
        var direction = randn_like(theirs);
        Tensor[] leaves = [x, kernel, bias];
        foreach (var (their, our) in autograd.grad([theirs], leaves, [direction])
            .Zip(autograd.grad([ours], leaves, [direction])))
        {
            AssertEqual(their, our);
        }

        void AssertEqual(Tensor expected, Tensor actual)
        {
            CollectionAssert.AreEqual(expected.shape, actual.shape, name);
            Assert.IsLessThan(1e-3f, (expected - actual).abs().max().item<float>(), name);
        }
    }
}
