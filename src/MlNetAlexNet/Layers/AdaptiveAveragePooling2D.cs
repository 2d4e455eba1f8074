namespace MlNetAlexNet.Layers;

/// <summary>
/// The mean of each cell of a grid laid over the image, per channel, whatever the image's size, as Torch's
/// <c>AdaptiveAvgPool2d</c>: cell i of n covers the rows from floor(i rows / n) to ceil((i + 1) rows / n), columns
/// likewise (aten/src/ATen/native/AdaptivePooling.h, <c>start_index</c> and <c>end_index</c>).
/// </summary>
public sealed record AdaptiveAveragePooling2D : Layer
{
    /// <summary>Creates a pooling layer.</summary>
    /// <param name="outputSize">Cells of the grid.</param>
    /// <exception cref="AlexNetException">A side is below 1.</exception>
    public AdaptiveAveragePooling2D(Size2D outputSize) => OutputSize = outputSize;

    /// <summary>Cells of the grid.</summary>
    /// <exception cref="AlexNetException">A side is below 1.</exception>
    public Size2D OutputSize { get; init => field = Positive(value); }

    /// <inheritdoc/>
    public override TensorShape ComputeOutputShape(TensorShape input)
    {
        RequireImage(input);
        return TensorShape.Image(OutputSize.Height, OutputSize.Width, input.Channels);
    }
}
