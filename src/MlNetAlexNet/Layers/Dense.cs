namespace MlNetAlexNet.Layers;

/// <summary>A fully connected layer, as Keras' <c>Dense</c>. Kernel weights: units x inputs.</summary>
public sealed record Dense : WeightedLayer
{
    /// <summary>Creates a fully connected layer.</summary>
    /// <param name="units">Outputs.</param>
    /// <param name="activation">Default <see cref="Activation.Linear"/>.</param>
    /// <param name="useBias">Whether a bias is added to each unit's sum. Default true.</param>
    /// <exception cref="AlexNetException"><paramref name="units"/> is below 1.</exception>
    public Dense(int units, Activation activation = Activation.Linear, bool useBias = true)
        : base(activation, useBias) => Units = units;

    /// <summary>Outputs.</summary>
    /// <exception cref="AlexNetException">It is below 1.</exception>
    public int Units { get; init => field = Positive(value); }

    /// <inheritdoc/>
    public override TensorShape ComputeOutputShape(TensorShape input) => input.IsFlat
        ? TensorShape.Vector(Units)
        : throw CannotTake(input, $"it needs a vector to make {TensorShape.Vector(Units)}. Put Flatten before it.");

    /// <inheritdoc/>
    public override long CountMultiplyAdds(TensorShape input) => (long)input.Channels * Units;

    private protected override int[] KernelDimensions(TensorShape input) => [Units, input.Channels];
}
