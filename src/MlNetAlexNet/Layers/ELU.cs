namespace MlNetAlexNet.Layers;

/// <summary>
/// x, and <see cref="Alpha"/> (exp(x) - 1) below 0, as Keras' <c>ELU</c> (Clevert, Unterthiner, Hochreiter 2016,
/// equation 15).
/// </summary>
public sealed record ELU : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="alpha">Minus the least value. Default 1.</param>
    /// <exception cref="AlexNetException"><paramref name="alpha"/> is negative or not a finite number.</exception>
    public ELU(double alpha = 1) => Alpha = alpha;

    /// <summary>Minus the least value.</summary>
    /// <exception cref="AlexNetException">It is negative or not a finite number.</exception>
    public double Alpha { get; init => field = NotNegative(value); }

    /// <inheritdoc/>
    public override TensorShape ComputeOutputShape(TensorShape input) => input;
}
