namespace MlNetAlexNet.Layers;

/// <summary>
/// Divides each value by (k + alpha x sum of squares)^beta, the sum over the <see cref="Size"/> neighbouring channels
/// at the same place that exist (Krizhevsky 2012, section 3.3). Alpha is the paper's: Torch, ONNX and Caffe divide theirs
/// by the size, so theirs is <see cref="Size"/> times this one.
/// </summary>
public sealed record LocalResponseNormalization : Layer
{
    /// <summary>Creates a normalization layer; the defaults are the paper's.</summary>
    /// <param name="size">Channels in the sum, the value's own in the middle: the paper's n, odd. Default 5.</param>
    /// <param name="alpha">Factor of the sum of squares, at least 0. Default 1e-4.</param>
    /// <param name="beta">Exponent, at least 0. Default 0.75.</param>
    /// <param name="k">What is added to the sum, above 0. Default 2.</param>
    /// <exception cref="AlexNetException">A number is out of its range.</exception>
    public LocalResponseNormalization(int size = 5, double alpha = 1e-4, double beta = 0.75, double k = 2) =>
        (Size, Alpha, Beta, K) = (size, alpha, beta, k);

    /// <summary>Channels in the sum: the paper's n, odd.</summary>
    /// <exception cref="AlexNetException">It is below 1 or even.</exception>
    public int Size
    {
        get;
        init => field = value >= 1 && value % 2 == 1
            ? value
            : throw Unfit(nameof(Size), value, "it must be odd, so that the value's own channel is in the middle");
    }

    /// <summary>Factor of the sum of squares, at least 0.</summary>
    /// <exception cref="AlexNetException">It is negative or not finite.</exception>
    public double Alpha { get; init => field = NotNegative(value); }

    /// <summary>Exponent, at least 0.</summary>
    /// <exception cref="AlexNetException">It is negative or not finite.</exception>
    public double Beta { get; init => field = NotNegative(value); }

    /// <summary>What is added to the sum, above 0.</summary>
    /// <exception cref="AlexNetException">It is not above 0 or not finite.</exception>
    public double K
    {
        get;
        init => field = value > 0 && double.IsFinite(value)
            ? value
            : throw Unfit(nameof(K), value, "it must be above 0");
    }

    /// <inheritdoc/>
    public override TensorShape ComputeOutputShape(TensorShape input)
    {
        RequireImage(input);
        return input;
    }
}
