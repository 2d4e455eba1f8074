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
        var convolution = new Conv2D(filters, window, strides, padding, groups: groups, dilation: dilation);
        return ForeignPart.Of(convolution, kernel, bias);
    }

    /// <summary>A Gemm or a MatMul: a dense layer.</summary>
    /// <param name="node">The node.</param>
    /// <param name="constants">The graph's constants.</param>
    /// <param name="view">How the graph has the vectors that it takes.</param>
    public static ForeignPart ReadProduct(ForeignNode node, ForeignConstants constants, ForeignView view)
    {
        node.Require("transA", 0);
        var factor = Constant(node, constants, 1);
        if (factor.Dimensions.Count != 2)
            throw node.Refused($"has a factor of {factor.Dimensions.Count} sides; a dense layer has 2");

        var isGemm = node.Operator == "Gemm";
        var kernel = isGemm && node.Integer("transB", 0) != 0 ? factor : ForeignTurning.Transpose(factor);
        var units = kernel.Dimensions[0];
        if (view.Shape.IsFlat && kernel.Dimensions[1] != view.Shape.Channels)
            throw node.Refused($"has a factor of {string.Join(" x ", factor.Dimensions)} for {view.Shape}");

        var bias = isGemm && node.Input(2) is { } name ? Bias(node, constants.Weight(node, name), units) : null;
        return ForeignPart.Of(
            new Dense(units),
            Scale(kernel with { Values = view.TakeInOurOrder(kernel.Values) }, isGemm ? node.Float("alpha", 1) : 1),
            bias is null ? null : Scale(bias, node.Float("beta", 1)));
    }

    /// <summary>A BatchNormalization that is not in training.</summary>
    public static ForeignPart ReadNormalization(ForeignNode node, ForeignConstants constants, ForeignView view)
    {
        node.Require("training_mode", 0);
        node.Require("spatial", 1);
        if (node.Outputs.Skip(1).Any(output => output.Length > 0) || (node.Has("is_test") && node.Integer("is_test", 1) == 0))
            throw node.Refused("normalizes as in training");

        var layer = new BatchNormalization(node.Float("momentum", 0.9), node.Float("epsilon", 1e-5));
        return new(layer, ("gamma", Vector(1)), ("beta", Vector(2)), ("moving_mean", Vector(3)), ("moving_variance", Vector(4)));

        Weight Vector(int input) => Constant(node, constants, input) is { Dimensions: [var values] } vector && values == view.Shape.Channels
            ? vector with { Values = view.TakeInOurOrder(vector.Values) }
            : throw node.Refused($"has other than one vector of {view.Shape.Channels} values as its input {input}");
    }

    /// <summary>Factors and summands where there is no layer that they could be worked into.</summary>
    public static ForeignPart ReadNormalization(ForeignAffine affine)
    {
        int[] sides = [affine.Factors.Count];
        var layer = new BatchNormalization(momentum: 0.9, epsilon: 1e-3);
        return new(
            layer,
            ("gamma", new Weight(sides, [.. affine.Factors.Select(factor => (float)factor)])),
            ("beta", new Weight(sides, [.. affine.Summands.Select(summand => (float)summand)])),
            ("moving_mean", new Weight(sides, new float[affine.Factors.Count])),
            ("moving_variance", new Weight(sides, [.. affine.Factors.Select(_ => (float)(1 - layer.Epsilon))])));
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
        var alpha = Decimals.Round(node.Float("alpha", 1e-4) / Math.Max(1, size));
        return new(size, alpha, node.Float("beta", 0.75), node.Float("bias", 1));
    }

    public static ZeroPadding2D ReadZeroPadding(ForeignNode node, ForeignConstants constants, ForeignView view)
    {
        var zero = node.Input(2) is { } value
            ? constants.Weight(node, value).Values is [0]
            : node.Float("value", 0) == 0;
        var pads = node.Input(1) is { } name ? constants.Integers(node, name)
            : node.Integers(node.Has("pads") ? "pads" : "paddings"); // as before version 2 of the operator
        return node.Text("mode", "constant") == "constant" && zero && node.Input(3) is null && view.Around(node, pads) is { } sides
            ? new(sides.Top, sides.Bottom, sides.Left, sides.Right)
            : throw node.Refused("pads with something else than zeros around the image");
    }

    // The rate is an input since version 12 of the operator, an attribute before; without either it is 0.5.
    public static Dropout ReadDropout(ForeignNode node, ForeignConstants constants)
    {
        if (node.Input(2) is { } training && constants.Flag(node, training))
            throw node.Refused("drops values in scoring, too");

        return new(
            node.Input(1) is not { } name ? node.Float("ratio", 0.5)
            : constants.Weight(node, name).Values is [var rate] ? Decimals.Recover(rate)
            : throw node.Refused("has not one rate"));
    }

    private static Weight Constant(ForeignNode node, ForeignConstants constants, int input) =>
        constants.Weight(node, node.Input(input) ?? throw node.Refused($"lacks its input {input}"));

    // A vector, a row that is added to each row of the batch, or one number for all.
    private static Weight Bias(ForeignNode node, Weight bias, int outputs) =>
        bias.Values.Length == 1 ? new Weight([outputs], [.. Enumerable.Repeat(bias.Values[0], outputs)])
        : bias.Values.Length == outputs && bias.Dimensions.Count > 0 && bias.Dimensions[^1] == outputs
            ? new Weight([outputs], bias.Values)
            : throw node.Refused($"has a bias of {string.Join(" x ", bias.Dimensions)}; it has {outputs} outputs");

    private static Weight Scale(Weight weight, double factor) =>
        factor == 1 ? weight : weight with { Values = [.. weight.Values.Select(value => (float)(value * factor))] };
}
