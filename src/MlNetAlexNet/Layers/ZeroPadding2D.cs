namespace MlNetAlexNet.Layers;

/// <summary>Rows and columns of zeros around an image, as Keras' <c>ZeroPadding2D</c>.</summary>
public sealed record ZeroPadding2D : Layer
{
    /// <summary>Creates a padding layer; all sides in pixels.</summary>
    /// <exception cref="AlexNetException">A side is negative.</exception>
    public ZeroPadding2D(int top, int bottom, int left, int right) =>
        Sides = top >= 0 && bottom >= 0 && left >= 0 && right >= 0
            ? new PaddingSides(top, bottom, left, right)
            : throw new AlexNetException(
                $"ZeroPadding2D of {top}, {bottom}, {left}, {right} pixels; a side cannot be negative.");

    /// <summary>Pixels added on each side.</summary>
    public PaddingSides Sides { get; }

    /// <inheritdoc/>
    public override TensorShape OutputShape(TensorShape input)
    {
        RequireImage(input);
        return TensorShape.Image(
            input.Height + Sides.Top + Sides.Bottom, input.Width + Sides.Left + Sides.Right, input.Channels);
    }
}
