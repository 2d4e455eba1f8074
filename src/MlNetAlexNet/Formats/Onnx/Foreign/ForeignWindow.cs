using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>ONNX's <c>pads</c>, <c>auto_pad</c> and <c>ceil_mode</c> of a sliding window as four sides.</summary>
internal static class ForeignWindow
{
    /// <summary>The padding in our terms; <c>same</c> where it is that.</summary>
    public static Padding Padding(PaddingSides sides, TensorShape input, Size2D window, Size2D strides) =>
        sides == default ? Layers.Padding.Valid
        : sides == Layers.Padding.Same.Resolve(input, window, strides) ? Layers.Padding.Same
        : Layers.Padding.Explicit(sides.Top, sides.Bottom, sides.Left, sides.Right);

    /// <summary>The node's <c>pads</c> or <c>auto_pad</c>.</summary>
    public static PaddingSides Sides(ForeignNode node, TensorShape input, Size2D window, Size2D strides)
    {
        var same = Layers.Padding.Same.Resolve(input, window, strides);
        return node.Text("auto_pad", "NOTSET") switch
        {
            "NOTSET" when node.Integers("pads") is [var top, var left, var bottom, var right] =>
                new(node.Side(top), node.Side(bottom), node.Side(left), node.Side(right)),
            "NOTSET" when !node.Has("pads") => default,
            "VALID" => default,
            "SAME_UPPER" => same, // the odd pixel at the bottom and the right
            "SAME_LOWER" => new(same.Bottom, same.Top, same.Right, same.Left),
            var other => throw node.Refused($"has auto_pad = {other} and pads [{string.Join(", ", node.Integers("pads"))}]"),
        };
    }

    /// <summary>
    /// With <c>ceil_mode</c> a last window may reach over the end, if it begins inside: as many more pixels of padding
    /// (aten/src/ATen/native/Pool.h, <c>pooling_output_shape_pad_lr</c>).
    /// </summary>
    public static PaddingSides RoundedUp(PaddingSides sides, TensorShape input, Size2D window, Size2D strides) => sides with
    {
        Bottom = sides.Bottom + Over(input.Height, sides.Top, sides.Bottom, window.Height, strides.Height),
        Right = sides.Right + Over(input.Width, sides.Left, sides.Right, window.Width, strides.Width),
    };

    private static int Over(int size, int before, int after, int window, int stride)
    {
        var padded = (long)size + before + after;
        if (padded < window || stride < 1)
            return 0; // the layer itself refuses it

        var last = (padded - window + stride - 1) / stride * stride; // where the last window begins
        if (last >= size + before)
            last -= stride;
        return (int)Math.Max(0, last + window - padded);
    }
}
