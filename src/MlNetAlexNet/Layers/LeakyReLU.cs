namespace MlNetAlexNet.Layers;

/// <summary>x, and <see cref="NegativeSlope"/> x below 0, as Keras' <c>LeakyReLU</c>.</summary>
public sealed record LeakyReLU : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="negativeSlope">The factor below 0. Default 0.3, Keras'; Torch's is 0.01.</param>
    /// <exception cref="AlexNetException"><paramref name="negativeSlope"/> is negative or not a finite number.</exception>
    public LeakyReLU(double negativeSlope = 0.3) => NegativeSlope = negativeSlope;

    /// <summary>The factor below 0.</summary>
    /// <exception cref="AlexNetException">It is negative or not a finite number.</exception>
    public double NegativeSlope { get; init => field = NotNegative(value); }

    /// <inheritdoc/>
    public override TensorShape ComputeOutputShape(TensorShape input) => input;
}
