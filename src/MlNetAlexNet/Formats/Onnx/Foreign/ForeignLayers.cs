using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>
/// ONNX's operators as our layers (https://onnx.ai/onnx/operators). What an attribute says that our layer cannot do is
/// refused: never a wrong answer.
/// </summary>
internal static class ForeignLayers
{
    public static ForeignPart ReadConvolution(ForeignNode node, ForeignConstants constants, TensorShape input)
    {
        var kernel = Constant(node, constants, 1);
        if (kernel.Dimensions is not [var filters, var channels, var height, var width])
            throw node.Refused($"has a kernel of {kernel.Dimensions.Count} sides; a convolution over images has 4");

        var window = node.Size("kernel_shape", (height, width));
        var (strides, dilation) = (node.Size("strides", 1), node.Size("dilations", 1));
        var groups = node.Side(node.Integer("group", 1));
        if (window != (height, width) || (long)channels * groups != input.Channels)
        {
            throw node.Refused(
                $"has a kernel of {string.Join(" x ", kernel.Dimensions)}, which does not fit {groups} groups of {input} "
                + $"and a window of {window}");
        }

        var bias = node.Input(2) is { } name ? Bias(node, constants.Weight(node, name), filters) : null;
        var sides = ForeignWindow.Sides(node, input, window.DilatedBy(dilation), strides);
        var padding = ForeignWindow.Padding(sides, input, window.DilatedBy(dilation), strides);
        return new(
            new Conv2D(filters, window, strides, padding, groups: groups, dilation: dilation, useBias: bias is not null),
            kernel,
            bias);
    }

    public static ForeignPart ReadProduct(ForeignNode node, ForeignConstants constants)
    {
        node.Require("transA", 0);
        if (node.Float("alpha", 1) != 1 || node.Float("beta", 1) != 1)
            throw node.Refused($"has alpha and beta other than 1");

        var factor = Constant(node, constants, 1);
        if (factor.Dimensions.Count != 2)
            throw node.Refused($"has a factor of {factor.Dimensions.Count} sides; a dense layer has 2");

        var kernel = node.Operator == "Gemm" && node.Integer("transB", 0) != 0 ? factor : Transpose(factor);
        var bias = node.Operator == "Gemm" && node.Input(2) is { } name
            ? Bias(node, constants.Weight(node, name), kernel.Dimensions[0])
            : null;
        return new(new Dense(kernel.Dimensions[0], useBias: bias is not null), kernel, bias);
    }

    /// <summary>The bias that a node adds after a dense layer without one.</summary>
    public static ForeignPart AddBias(ForeignNode node, ForeignConstants constants, ForeignPart? last)
    {
        if (last is not { Layer: Dense, IsLinear: true, Kernel: { } kernel, Bias: null })
            throw node.Refused("adds to something else than the products of a dense layer");

        var name = node.Inputs.FirstOrDefault(constants.Contains) ?? throw node.Refused("adds no constant");
        return last.With(kernel, Bias(node, constants.Weight(node, name), kernel.Dimensions[0]));
    }

    public static ForeignPart FoldNormalization(ForeignNode node, ForeignConstants constants, ForeignPart? last)
    {
        node.Require("training_mode", 0);
        if (last is not { IsLinear: true, Kernel: { } kernel })
            throw node.Refused("does not come right after a convolution or a dense layer, into which it could be worked");

        var (folded, bias) = BatchNormalizationFold.Fold(
            kernel,
            last.Bias,
            gamma: Constant(node, constants, 1).Values,
            beta: Constant(node, constants, 2).Values,
            mean: Constant(node, constants, 3).Values,
            variance: Constant(node, constants, 4).Values,
            node.Float("epsilon", 1e-5));
        return last.With(folded, bias);
    }

    public static MaxPooling2D ReadMaxPooling(ForeignNode node, TensorShape input)
    {
        var (window, strides) = (node.Size("kernel_shape", null), node.Size("strides", 1));
        if (node.Size("dilations", 1) != 1)
            throw node.Refused("has dilations, which only convolutions can have");

        var sides = ForeignWindow.Sides(node, input, window, strides);
        if (node.Integer("ceil_mode", 0) != 0)
            sides = ForeignWindow.RoundedUp(sides, input, window, strides);
        return new(window, strides, ForeignWindow.Padding(sides, input, window, strides));
    }

    public static List<Layer> ReadAveragePooling(ForeignNode node, TensorShape input)
    {
        var (window, strides) = (node.Size("kernel_shape", null), node.Size("strides", 1));
        if (node.Size("dilations", 1) != 1)
            throw node.Refused("has dilations, which only convolutions can have");

        var sides = ForeignWindow.Sides(node, input, window, strides);
        var roundedUp = node.Integer("ceil_mode", 0) != 0
            ? ForeignWindow.RoundedUp(sides, input, window, strides)
            : sides;
        if (node.Integer("count_include_pad", 0) == 0 || sides == default)
            return [new AveragePooling2D(window, strides, ForeignWindow.Padding(roundedUp, input, window, strides))];

        // Padding that counts is zeros around the image.
        return roundedUp == sides
            ? [new ZeroPadding2D(sides.Top, sides.Bottom, sides.Left, sides.Right), new AveragePooling2D(window, strides)]
            : throw node.Refused("counts some of its padding (count_include_pad) but not all (ceil_mode)");
    }

    // ONNX divides the sum of squares by the size, the paper and we do not.
    public static LocalResponseNormalization ReadResponseNormalization(ForeignNode node)
    {
        var size = node.Side(node.Integer("size", 0));
        var alpha = Decimals.Rounded(node.Float("alpha", 1e-4) / Math.Max(1, size));
        return new(size, alpha, node.Float("beta", 0.75), node.Float("bias", 1));
    }

    public static ZeroPadding2D ReadZeroPadding(ForeignNode node, ForeignConstants constants)
    {
        var zero = node.Input(2) is { } value
            ? constants.Weight(node, value).Values is [0]
            : node.Float("value", 0) == 0;
        var pads = node.Input(1) is { } name ? constants.Integers(node, name) : node.Integers("pads");
        if (node.Text("mode", "constant") == "constant" && zero && node.Input(3) is null
            && pads is [0, 0, var top, var left, 0, 0, var bottom, var right])
        {
            return new(node.Side(top), node.Side(bottom), node.Side(left), node.Side(right));
        }

        throw node.Refused("pads with something else than zeros around the image");
    }

    /// <summary>Refuses a node that makes anything but batch x values of the image, channels first.</summary>
    public static void RequireFlatten(ForeignNode node, ForeignConstants constants, TensorShape input)
    {
        var flattens = node.Operator == "Flatten"
            ? node.Integer("axis", 1) == 1 || node.Integer("axis", 1) == (input.IsFlat ? -1 : -3)
            : constants.Shape(node, node.Input(1) ?? throw node.Refused("has no shape")) is [var batch, var values]
                && (values == input.Elements || (values == -1 && batch != -1));
        if (!flattens)
            throw node.Refused($"makes something else of {input} than a vector for each picture");
    }

    // The rate is an input since version 12 of the operator, an attribute before; without either it is 0.5.
    public static Dropout ReadDropout(ForeignNode node, ForeignConstants constants)
    {
        if (node.Input(2) is { } training && constants.Flag(node, training))
            throw node.Refused("drops values in scoring, too");

        return new(
            node.Input(1) is not { } name ? node.Float("ratio", 0.5)
            : constants.Weight(node, name).Values is [var rate] ? Decimals.AsWritten(rate)
            : throw node.Refused("has not one rate"));
    }

    private static Weight Constant(ForeignNode node, ForeignConstants constants, int input) =>
        constants.Weight(node, node.Input(input) ?? throw node.Refused($"lacks its input {input}"));

    // A vector, or a row that is added to each row of the batch.
    private static Weight Bias(ForeignNode node, Weight bias, int outputs) =>
        bias.Values.Length == outputs && bias.Dimensions.Count > 0 && bias.Dimensions[^1] == outputs
            ? new Weight([outputs], bias.Values)
            : throw node.Refused($"has a bias of {string.Join(" x ", bias.Dimensions)}; it has {outputs} outputs");

    private static Weight Transpose(Weight inputsByUnits)
    {
        var (inputs, units) = (inputsByUnits.Dimensions[0], inputsByUnits.Dimensions[1]);
        var values = new float[inputsByUnits.Values.Length];
        for (var i = 0; i < inputs; i++)
        {
            for (var u = 0; u < units; u++)
                values[u * inputs + i] = inputsByUnits.Values[i * units + u];
        }

        return new Weight([units, inputs], values);
    }
}
