namespace MlNetAlexNet.Layers;

/// <summary>Height and width in pixels of a window or a step. An <c>int</c> converts to a square one.</summary>
public readonly record struct Size2D(int Height, int Width)
{
    /// <summary>A square of <paramref name="side"/> pixels.</summary>
    public static implicit operator Size2D(int side) => new(side, side);

    /// <summary>A rectangle, height first as in Keras.</summary>
    public static implicit operator Size2D((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>What a window of this size spans when its places are that far apart: (side - 1) x dilation + 1.</summary>
    public Size2D DilatedBy(Size2D dilation) =>
        ((Height - 1) * dilation.Height + 1, (Width - 1) * dilation.Width + 1);

    /// <summary>Height x width, such as <c>11x11</c>.</summary>
    public override string ToString() => $"{Height}x{Width}";
}
