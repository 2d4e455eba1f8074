using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests;

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
                MaxPooling2D pool => Pool(layer, values, Windows(pool, layer), cell => cell.Max()),
                AveragePooling2D pool => Pool(layer, values, Windows(pool, layer), cell => cell.Average()),
                AdaptiveAveragePooling2D => Pool(layer, values, Cells, cell => cell.Average()),
                ZeroPadding2D pad => Pad(pad, layer, values),
                LocalResponseNormalization norm => Normalize(norm, layer, values),
                BatchNormalization norm => Normalize(norm, layer, values, model.Weights),
                ActivationLayer activation => Activate(activation.Activation, values),
                LeakyReLU leaky => [.. values.Select(value => value < 0 ? leaky.NegativeSlope * value : value)],
                ELU elu => [.. values.Select(value => value < 0 ? elu.Alpha * (Math.Exp(value) - 1) : value)],
                Dense dense => Activate(dense.Activation, Multiply(layer, values, model.Weights)),
                Flatten or Dropout => values, // channels, then rows, then columns already
                _ => throw new NotSupportedException($"{layer.Layer.TypeName} has no loops yet."),
            };
        }

        return values;
    }

    private static double[] Preprocess(ImagePreprocessing preprocessing, ReadOnlySpan<byte> pixels)
    {
        var (size, crop, start) = (preprocessing.ImageSize, preprocessing.CropSize, preprocessing.CropOffset);
        var channels = preprocessing.Mean.Count;
        var values = new double[channels * crop * crop];
        for (var c = 0; c < channels; c++)
        {
            for (var y = 0; y < crop; y++)
            {
                for (var x = 0; x < crop; x++)
                {
                    var rgb = pixels.Slice(((start + y) * size + start + x) * 3, 3);
                    var value = channels == 1
                        ? Math.Floor((19595 * rgb[0] + 38470 * rgb[1] + 7471 * rgb[2] + 32768) / 65536.0) // PIL's mode L
                        : rgb[c];
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
        var (kernel, bias) = (weights[$"{layer.Name}/kernel"].Values, Bias(layer, weights));
        var (gapDown, gapRight) = (conv.Dilation.Height, conv.Dilation.Width);
        Size2D window = ((conv.Kernel.Height - 1) * gapDown + 1, (conv.Kernel.Width - 1) * gapRight + 1);
        var pads = conv.Padding.Resolve(input, window, conv.Strides);
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
                                var row = y * conv.Strides.Height + i * gapDown - pads.Top;
                                var column = x * conv.Strides.Width + j * gapRight - pads.Left;
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

    private delegate (int Top, int Bottom, int Left, int Right) Cell(PlannedLayer layer, int y, int x);

    private static Cell Windows(Pooling2D pool, PlannedLayer planned)
    {
        var pads = pool.Padding.Resolve(planned.Input, pool.PoolSize, pool.Strides);
        return (layer, y, x) =>
        {
            var (top, left) = (y * pool.Strides.Height - pads.Top, x * pool.Strides.Width - pads.Left);
            return (top, top + pool.PoolSize.Height, left, left + pool.PoolSize.Width);
        };
    }

    // PyTorch's documentation of AdaptiveAvgPool2d, in the words of its start_index and end_index.
    private static (int Top, int Bottom, int Left, int Right) Cells(PlannedLayer layer, int y, int x) => (
        (int)Math.Floor(y * layer.Input.Height / (double)layer.Output.Height),
        (int)Math.Ceiling((y + 1) * layer.Input.Height / (double)layer.Output.Height),
        (int)Math.Floor(x * layer.Input.Width / (double)layer.Output.Width),
        (int)Math.Ceiling((x + 1) * layer.Input.Width / (double)layer.Output.Width));

    private static double[] Pool(PlannedLayer layer, double[] values, Cell cell, Func<List<double>, double> of)
    {
        var (input, output) = (layer.Input, layer.Output);
        var result = new double[output.Elements];
        for (var c = 0; c < output.Channels; c++)
        {
            for (var y = 0; y < output.Height; y++)
            {
                for (var x = 0; x < output.Width; x++)
                {
                    var (top, bottom, left, right) = cell(layer, y, x);
                    var inside = new List<double>();
                    for (var row = Math.Max(0, top); row < Math.Min(input.Height, bottom); row++)
                    {
                        for (var column = Math.Max(0, left); column < Math.Min(input.Width, right); column++)
                            inside.Add(values[(c * input.Height + row) * input.Width + column]);
                    }

                    result[(c * output.Height + y) * output.Width + x] = of(inside);
                }
            }
        }

        return result;
    }

    private static double[] Pad(ZeroPadding2D pad, PlannedLayer layer, double[] values)
    {
        var (input, output) = (layer.Input, layer.Output);
        var result = new double[output.Elements];
        for (var i = 0; i < values.Length; i++)
        {
            var (c, row, column) = (i / input.Width / input.Height, i / input.Width % input.Height, i % input.Width);
            result[(c * output.Height + row + pad.Sides.Top) * output.Width + column + pad.Sides.Left] = values[i];
        }

        return result;
    }

    // Krizhevsky 2012, section 3.3, in its own letters.
    private static double[] Normalize(LocalResponseNormalization norm, PlannedLayer layer, double[] a)
    {
        var (n, count, places) = (norm.Size, layer.Input.Channels, layer.Input.Height * layer.Input.Width);
        var b = new double[a.Length];
        for (var i = 0; i < count; i++)
        {
            for (var xy = 0; xy < places; xy++)
            {
                var sum = 0.0;
                for (var j = Math.Max(0, i - n / 2); j <= Math.Min(count - 1, i + n / 2); j++)
                    sum += a[j * places + xy] * a[j * places + xy];
                b[i * places + xy] = a[i * places + xy] / Math.Pow(norm.K + norm.Alpha * sum, norm.Beta);
            }
        }

        return b;
    }

    // Ioffe and Szegedy 2015, algorithm 2.
    private static double[] Normalize(BatchNormalization norm, PlannedLayer layer, double[] values, WeightSet weights)
    {
        var places = layer.Input.Height * layer.Input.Width;
        return [.. values.Select((value, i) =>
            Of("gamma", 1, i / places) * (value - Of("moving_mean", 0, i / places))
            / Math.Sqrt(Of("moving_variance", 1, i / places) + norm.Epsilon) + Of("beta", 0, i / places))];

        double Of(string name, double standard, int channel) =>
            weights.TryGetValue($"{layer.Name}/{name}", out var weight) ? weight.Values[channel] : standard;
    }

    private static double[] Multiply(PlannedLayer layer, double[] values, WeightSet weights)
    {
        var (kernel, bias) = (weights[$"{layer.Name}/kernel"].Values, Bias(layer, weights));
        return [.. Enumerable.Range(0, layer.Output.Channels).Select(unit =>
            bias[unit] + values.Select((value, i) => value * kernel[unit * values.Length + i]).Sum())];
    }

    private static float[] Bias(PlannedLayer layer, WeightSet weights) =>
        weights.TryGetValue($"{layer.Name}/bias", out var bias) ? bias.Values : new float[layer.Output.Channels];

    private static double[] Activate(Activation activation, double[] values) => activation switch
    {
        Activation.Relu => [.. values.Select(value => Math.Max(0, value))],
        Activation.Softmax => Softmax(values),
        Activation.Linear => values,
        Activation.Sigmoid => [.. values.Select(value => 1 / (1 + Math.Exp(-value)))],
        Activation.Tanh => [.. values.Select(Math.Tanh)],
        Activation.Elu => [.. values.Select(value => value < 0 ? Math.Exp(value) - 1 : value)],
        _ => throw new NotSupportedException($"{activation} has no loop yet."),
    };

    private static double[] Softmax(double[] values)
    {
        var exponentials = values.Select(value => Math.Exp(value - values.Max())).ToArray();
        return [.. exponentials.Select(value => value / exponentials.Sum())];
    }
}
