namespace MlNetAlexNet.Layers;

/// <summary>
/// The mean of each window, per channel, as Keras' <c>AveragePooling2D</c>. Padded places are not counted: ONNX'
/// <c>count_include_pad = 0</c>, Torch's <c>count_include_pad=False</c>.
/// </summary>
public sealed record AveragePooling2D : Pooling2D
{
    /// <summary>Creates a pooling layer.</summary>
    /// <param name="poolSize">Window in pixels.</param>
    /// <param name="strides">Step of the window in pixels. Default: the window, so that windows do not overlap.</param>
    /// <param name="padding">Default <see cref="Padding.Valid"/>.</param>
    /// <exception cref="AlexNetException">A number is below 1.</exception>
    public AveragePooling2D(Size2D poolSize, Size2D? strides = null, Padding? padding = null)
        : base(poolSize, strides, padding ?? Padding.Valid)
    {
    }
}
