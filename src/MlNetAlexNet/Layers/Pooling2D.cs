namespace MlNetAlexNet.Layers;

/// <summary>One value for each window of each channel: the base of the pooling layers.</summary>
public abstract record Pooling2D : Layer
{
    private protected Pooling2D(Size2D poolSize, Size2D? strides, Padding padding) =>
        (PoolSize, Strides, Padding) = (poolSize, strides ?? poolSize, padding);

    /// <summary>Window in pixels.</summary>
    /// <exception cref="AlexNetException">A side is below 1.</exception>
    public Size2D PoolSize { get; init => field = Positive(value); }

    /// <summary>Step of the window in pixels; it stays as it is where only <see cref="PoolSize"/> is changed.</summary>
    /// <exception cref="AlexNetException">A side is below 1.</exception>
    public Size2D Strides { get; init => field = Positive(value); }

    /// <summary>How the window meets the border.</summary>
    public Padding Padding { get; init; }

    /// <inheritdoc/>
    public override TensorShape ComputeOutputShape(TensorShape input)
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
