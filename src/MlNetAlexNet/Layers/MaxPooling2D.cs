namespace MlNetAlexNet.Layers;

/// <summary>The largest value of each window, per channel, as Keras' <c>MaxPooling2D</c>. Padding never wins.</summary>
public sealed record MaxPooling2D : Layer
{
    /// <summary>Creates a pooling layer.</summary>
    /// <param name="poolSize">Window in pixels. Default 2.</param>
    /// <param name="strides">Step of the window in pixels. Default: the window, so that windows do not overlap.</param>
    /// <param name="padding">Default <see cref="Padding.Valid"/>.</param>
    /// <exception cref="AlexNetException">A number is below 1.</exception>
    public MaxPooling2D(Size2D? poolSize = null, Size2D? strides = null, Padding padding = default)
    {
        PoolSize = poolSize ?? 2;
        Strides = strides ?? PoolSize;
        Padding = padding;
        RequirePositive(PoolSize, nameof(poolSize));
        RequirePositive(Strides, nameof(strides));
    }

    /// <summary>Window in pixels.</summary>
    public Size2D PoolSize { get; }

    /// <summary>Step of the window in pixels.</summary>
    public Size2D Strides { get; }

    /// <summary>How the window meets the border.</summary>
    public Padding Padding { get; }

    /// <inheritdoc/>
    public override TensorShape OutputShape(TensorShape input)
    {
        var windows = SlidingWindows(input, PoolSize, Strides, Padding);
        var sides = Padding.Resolve(input, PoolSize, Strides);
        if (Math.Max(sides.Top, sides.Bottom) >= PoolSize.Height || Math.Max(sides.Left, sides.Right) >= PoolSize.Width)
        {
            throw CannotTake(input, $"with padding '{Padding}' its {PoolSize} window would hold nothing but padding.");
        }

        return TensorShape.Image(windows.Height, windows.Width, input.Channels);
    }
}
