namespace MlNetAlexNet.Layers;

/// <summary>The largest value of each window, per channel, as Keras' <c>MaxPooling2D</c>. Padding never wins.</summary>
public sealed record MaxPooling2D : Pooling2D
{
    /// <summary>Creates a pooling layer.</summary>
    /// <param name="poolSize">Window in pixels. Default 2.</param>
    /// <param name="strides">Step of the window in pixels. Default: the window, so that windows do not overlap.</param>
    /// <param name="padding">Default <see cref="Padding.Valid"/>.</param>
    /// <exception cref="AlexNetException">A number is below 1.</exception>
    public MaxPooling2D(Size2D? poolSize = null, Size2D? strides = null, Padding padding = default)
        : base(poolSize ?? 2, strides, padding)
    {
    }
}
