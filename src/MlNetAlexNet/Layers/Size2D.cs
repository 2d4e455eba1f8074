namespace MlNetAlexNet.Layers;

/// <summary>Height and width in pixels of a window or a step. An <c>int</c> converts to a square one.</summary>
public readonly record struct Size2D(int Height, int Width)
{
    /// <summary>A square of <paramref name="side"/> pixels.</summary>
    public static implicit operator Size2D(int side) => new(side, side);

    /// <summary>A rectangle, height first as in Keras.</summary>
    public static implicit operator Size2D((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>Height x width, such as <c>11x11</c>.</summary>
    public override string ToString() => $"{Height}x{Width}";
}
