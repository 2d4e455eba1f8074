using System.Numerics.Tensors;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using SkiaSharp;

namespace MlNetAlexNet.Reports.Drawing;

/// <summary>
/// The kernels of the first layer, as figure 3 of Krizhevsky et al. 2012 has them: each scaled by itself, so that its lowest weight is
/// black and its highest full.
/// </summary>
internal static class KernelPicture
{
    private const int Columns = 16;

    /// <summary>A picture of them, and what it shows; null where the network begins with something else.</summary>
    public static (string Png, string Layer, int Kernels, int Side)? Draw(TrainedModel model)
    {
        if (model.Plan.FirstOrDefault(layer => layer.Parameters > 0) is not { Layer: Conv2D { Groups: 1 } } first
            || model.Weights[$"{first.Name}/kernel"] is not { Dimensions: [var filters, var channels and (1 or 3), var height, var width] } kernel)
        {
            return null;
        }

        var (columns, rows) = (Math.Min(Columns, filters), (filters + Columns - 1) / Columns);
        var (across, down) = (columns * (width + 1) - 1, rows * (height + 1) - 1); // a pixel between them, which stays clear
        var colors = new SKColor[across * down];
        for (var filter = 0; filter < filters; filter++)
        {
            var weights = kernel.Values.AsSpan(filter * channels * height * width, channels * height * width); // channels x height x width
            var (low, high) = (TensorPrimitives.Min(weights), TensorPrimitives.Max(weights));
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    var (red, green, blue) = (Level(0, y, x), Level(channels / 2, y, x), Level(channels - 1, y, x));
                    var (column, row) = (filter % columns * (width + 1) + x, filter / columns * (height + 1) + y);
                    colors[row * across + column] = new SKColor(red, green, blue);
                }
            }

            byte Level(int channel, int y, int x) =>
                high > low ? (byte)Math.Round(255 * (kernel.Values[((filter * channels + channel) * height + y) * width + x] - low) / (high - low)) : (byte)128;
        }

        return (PngPicture.Encode(across, down, colors), first.Name, filters, height);
    }
}
