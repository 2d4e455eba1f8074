namespace MlNetAlexNet.Layers;

/// <summary>Rows and columns of zeros around an image, as Keras' <c>ZeroPadding2D</c>.</summary>
public sealed record ZeroPadding2D : Layer
{
    /// <summary>Creates a padding layer; all sides in pixels.</summary>
    /// <exception cref="AlexNetException">A side is negative.</exception>
    public ZeroPadding2D(int top, int bottom, int left, int right) =>
        Sides = new PaddingSides(top, bottom, left, right);

    /// <summary>Pixels added on each side.</summary>
    /// <exception cref="AlexNetException">A side is negative.</exception>
    public PaddingSides Sides
    {
        get;
        init => field = value is { Top: >= 0, Bottom: >= 0, Left: >= 0, Right: >= 0 }
            ? value
            : throw new AlexNetException(
                $"ZeroPadding2D of {value.Top}, {value.Bottom}, {value.Left}, {value.Right} pixels; "
                + "a side cannot be negative.");
    }

    /// <inheritdoc/>
    public override TensorShape ComputeOutputShape(TensorShape input)
    {
        RequireImage(input);
        return TensorShape.Image(
            input.Height + Sides.Top + Sides.Bottom, input.Width + Sides.Left + Sides.Right, input.Channels);
    }
}
