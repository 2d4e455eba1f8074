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

    /// <param name="planned">The convolution, one that <see cref="Suits"/>.</param>
    /// <param name="x">N x C x H x W.</param>
    /// <param name="kernel">O x C x kernel height x kernel width.</param>
    /// <param name="bias">O; null for none.</param>
    /// <returns>N x O x planned output height x width.</returns>
    public static Tensor Convolve(PlannedLayer planned, Tensor x, Tensor kernel, Tensor? bias)
    {
        var conv = (Conv2D)planned.Layer;
        var sides = conv.Padding.Resolve(planned.Input, conv.Kernel, conv.Strides);
        var (height, width) = (Blocks(conv.Kernel.Height, conv.Strides.Height), Blocks(conv.Kernel.Width, conv.Strides.Width));
        var (rows, columns) = (planned.Output.Height - 1 + height, planned.Output.Width - 1 + width);
        return functional.conv2d(
            Fold(x, sides.Top, sides.Left, rows, columns, conv.Strides),          // N x (sh sw C) x rows x columns
            Fold(kernel, 0, 0, height, width, conv.Strides),                      // O x (sh sw C) x height x width
            bias);                                                                // N x O x output height x width
    }

    // N x C x H x W to N x (sh sw C) x rows x columns, where sh x sw is the stride, with zeros or rows cut off at the
    // far sides.
    private static Tensor Fold(Tensor x, int top, int left, int rows, int columns, Size2D stride)
    {
        var (n, c) = (x.shape[0], x.shape[1]);
        var bottom = rows * stride.Height - top - x.shape[2];
        var right = columns * stride.Width - left - x.shape[3];
        return functional.pad(x, [left, right, top, bottom])                      // N x C x rows sh x columns sw
            .permute(0, 2, 3, 1)                                                  // N x rows sh x columns sw x C
            .reshape(n, rows, stride.Height, columns, stride.Width, c)            // N x rows x sh x columns x sw x C
            .permute(0, 1, 3, 2, 4, 5)                                            // N x rows x columns x sh x sw x C
            .reshape(n, rows, columns, stride.Height * stride.Width * c)          // N x rows x columns x (sh sw C)
            .permute(0, 3, 1, 2);                                                 // N x (sh sw C) x rows x columns
    }

    private static int Blocks(int length, int stride) => (length + stride - 1) / stride;
}
