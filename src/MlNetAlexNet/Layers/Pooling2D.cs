namespace MlNetAlexNet.Layers;

/// <summary>One value for each window of each channel: the base of the pooling layers.</summary>
public abstract record Pooling2D : Layer
{
    private protected Pooling2D(Size2D poolSize, Size2D? strides, Padding padding)
    {
        (PoolSize, Strides, Padding) = (poolSize, strides ?? poolSize, padding);
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
