using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Formats;

/// <summary>
/// A stack written down as plain loops in double precision, straight from the layers' definitions: what every export
/// and engine must agree with. Values are channels x height x width.
/// </summary>
internal static class ReferenceNetwork
{
    /// <summary>Class probabilities of one picture: ImageSize x ImageSize x 3 bytes.</summary>
    public static double[] Score(TrainedModel model, ReadOnlySpan<byte> pixels)
    {
        var values = Preprocess(model.Preprocessing, pixels);
        foreach (var layer in model.Plan)
        {
            values = layer.Layer switch
            {
                Conv2D conv => Activate(conv.Activation, Convolve(conv, layer, values, model.Weights)),
                MaxPooling2D pool => Pool(pool, layer, values),
                Dense dense => Activate(dense.Activation, Multiply(layer, values, model.Weights)),
                _ => values,
            };
        }

        return values;
    }

    private static double[] Preprocess(ImagePreprocessing preprocessing, ReadOnlySpan<byte> pixels)
    {
        var (size, crop, start) = (preprocessing.ImageSize, preprocessing.CropSize, preprocessing.CropOffset);
        var values = new double[3 * crop * crop];
        for (var c = 0; c < 3; c++)
        {
            for (var y = 0; y < crop; y++)
            {
                for (var x = 0; x < crop; x++)
                {
                    double value = pixels[((start + y) * size + start + x) * 3 + c];
                    values[(c * crop + y) * crop + x] =
                        (value - preprocessing.Mean[c]) / preprocessing.StandardDeviation[c];
                }
            }
        }

        return values;
    }

    private static double[] Convolve(Conv2D conv, PlannedLayer layer, double[] values, WeightSet weights)
    {
        var (input, output) = (layer.Input, layer.Output);
        var (kernel, bias) = (weights[$"{layer.Name}/kernel"].Values, weights[$"{layer.Name}/bias"].Values);
        var pads = conv.Padding.Resolve(input, conv.Kernel, conv.Strides);
        var channels = input.Channels / conv.Groups;
        var result = new double[output.Elements];
        for (var f = 0; f < output.Channels; f++)
        {
            var firstChannel = f / (conv.Filters / conv.Groups) * channels;
            for (var y = 0; y < output.Height; y++)
            {
                for (var x = 0; x < output.Width; x++)
                {
                    double sum = bias[f];
                    for (var c = 0; c < channels; c++)
                    {
                        for (var i = 0; i < conv.Kernel.Height; i++)
                        {
                            for (var j = 0; j < conv.Kernel.Width; j++)
                            {
                                var row = y * conv.Strides.Height + i - pads.Top;
                                var column = x * conv.Strides.Width + j - pads.Left;
                                if (row < 0 || row >= input.Height || column < 0 || column >= input.Width)
                                    continue;
                                sum += values[((firstChannel + c) * input.Height + row) * input.Width + column]
                                    * kernel[((f * channels + c) * conv.Kernel.Height + i) * conv.Kernel.Width + j];
                            }
                        }
                    }

                    result[(f * output.Height + y) * output.Width + x] = sum;
                }
            }
        }

        return result;
    }

    private static double[] Pool(MaxPooling2D pool, PlannedLayer layer, double[] values)
    {
        var (input, output) = (layer.Input, layer.Output);
        var pads = pool.Padding.Resolve(input, pool.PoolSize, pool.Strides);
        var result = new double[output.Elements];
        for (var c = 0; c < output.Channels; c++)
        {
            for (var y = 0; y < output.Height; y++)
            {
                for (var x = 0; x < output.Width; x++)
                {
                    var largest = double.NegativeInfinity;
                    for (var i = 0; i < pool.PoolSize.Height; i++)
                    {
                        for (var j = 0; j < pool.PoolSize.Width; j++)
                        {
                            var row = y * pool.Strides.Height + i - pads.Top;
                            var column = x * pool.Strides.Width + j - pads.Left;
                            if (row >= 0 && row < input.Height && column >= 0 && column < input.Width)
                                largest = Math.Max(largest, values[(c * input.Height + row) * input.Width + column]);
                        }
                    }

                    result[(c * output.Height + y) * output.Width + x] = largest;
                }
            }
        }

        return result;
    }

    private static double[] Multiply(PlannedLayer layer, double[] values, WeightSet weights)
    {
        var (kernel, bias) = (weights[$"{layer.Name}/kernel"].Values, weights[$"{layer.Name}/bias"].Values);
        return [.. Enumerable.Range(0, layer.Output.Channels).Select(unit =>
            bias[unit] + values.Select((value, i) => value * kernel[unit * values.Length + i]).Sum())];
    }

    private static double[] Activate(Activation activation, double[] values) => activation switch
    {
        Activation.Relu => [.. values.Select(value => Math.Max(0, value))],
        Activation.Softmax => Softmax(values),
        _ => values,
    };

    private static double[] Softmax(double[] values)
    {
        var exponentials = values.Select(value => Math.Exp(value - values.Max())).ToArray();
        return [.. exponentials.Select(value => value / exponentials.Sum())];
    }
}
