using MlNetAlexNet.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// A convolution with a stride as one without: each stride x stride square of the picture becomes the channels of one
/// pixel, and the kernel, filled up with zeros, likewise. The sums are the same ones. oneDNN computes channels in blocks
/// of 16 and is slow with three: for the first layer of AlexNet, 3 channels of stride 4 to 48 of stride 1, forward and
/// backward together take 0.7 of the time in 16 bits and 0.35 in 32.
/// </summary>
internal static class SpaceToDepth
{
    // With 16 channels and more there is nothing to gain.
    private const int FewChannels = 4;

    public static bool Suits(Conv2D conv, TensorShape input) =>
        input.Channels <= FewChannels && conv is { Groups: 1, Strides: { Height: > 1, Width: > 1 }, Dilation: { Height: 1, Width: 1 } };

    /// <param name="planned">The convolution.</param>
    /// <param name="x">N x C x H x W.</param>
    /// <param name="kernel">O x C x kernel height x kernel width.</param>
    /// <param name="bias">O; null for none.</param>
    public static Tensor Convolve(PlannedLayer planned, Tensor x, Tensor kernel, Tensor? bias)
    {
        var conv = (Conv2D)planned.Layer;
        var sides = conv.Padding.Resolve(planned.Input, conv.Kernel, conv.Strides);
        var (height, width) = (Blocks(conv.Kernel.Height, conv.Strides.Height), Blocks(conv.Kernel.Width, conv.Strides.Width));
        var (rows, columns) = (planned.Output.Height - 1 + height, planned.Output.Width - 1 + width);
        return functional.conv2d(
            Fold(x, sides.Top, sides.Left, rows, columns, conv.Strides),
            Fold(kernel, 0, 0, height, width, conv.Strides),
            bias);
    }

    // N x C x H x W to N x (stride height, stride width, C) x rows x columns, with zeros or rows cut off at the far sides.
    private static Tensor Fold(Tensor x, int top, int left, int rows, int columns, Size2D stride)
    {
        var (n, c) = (x.shape[0], x.shape[1]);
        var bottom = rows * stride.Height - top - x.shape[2];
        var right = columns * stride.Width - left - x.shape[3];
        return functional.pad(x, [left, right, top, bottom])                      // N x C x rows sh x columns sw
            .permute(0, 2, 3, 1)
            .reshape(n, rows, stride.Height, columns, stride.Width, c)
            .permute(0, 1, 3, 2, 4, 5)
            .reshape(n, rows, columns, stride.Height * stride.Width * c)
            .permute(0, 3, 1, 2);
    }

    private static int Blocks(int length, int stride) => (length + stride - 1) / stride;
}
