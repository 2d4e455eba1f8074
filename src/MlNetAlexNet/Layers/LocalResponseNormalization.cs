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
    public LocalResponseNormalization(int size = 5, double alpha = 1e-4, double beta = 0.75, double k = 2)
    {
        (Size, Alpha, Beta, K) = (size, alpha, beta, k);
        Require(size >= 1 && size % 2 == 1, nameof(size), size, "odd, so that the value's own channel is in the middle");
        Require(alpha >= 0 && double.IsFinite(alpha), nameof(alpha), alpha, "at least 0");
        Require(beta >= 0 && double.IsFinite(beta), nameof(beta), beta, "at least 0");
        Require(k > 0 && double.IsFinite(k), nameof(k), k, "above 0");
    }

    /// <summary>Channels in the sum: the paper's n.</summary>
    public int Size { get; }

    /// <summary>Factor of the sum of squares.</summary>
    public double Alpha { get; }

    /// <summary>Exponent.</summary>
    public double Beta { get; }

    /// <summary>What is added to the sum.</summary>
    public double K { get; }

    /// <inheritdoc/>
    public override TensorShape OutputShape(TensorShape input)
    {
        RequireImage(input);
        return input;
    }

    private static void Require(bool condition, string name, double value, string allowed)
    {
        if (!condition)
        {
            throw new AlexNetException(FormattableString.Invariant(
                $"LocalResponseNormalization with {name} {value}; it must be {allowed}."));
        }
    }
}
