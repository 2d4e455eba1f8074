namespace MlNetAlexNet.Layers;

/// <summary>A fully connected layer, as Keras' <c>Dense</c>. Kernel weights: units x inputs.</summary>
public sealed record Dense : Layer
{
    /// <summary>Creates a fully connected layer.</summary>
    /// <param name="units">Outputs.</param>
    /// <param name="activation">Default <see cref="Activation.Linear"/>.</param>
    /// <param name="useBias">Whether a bias is added to each unit's sum. Default true.</param>
    /// <exception cref="AlexNetException"><paramref name="units"/> is below 1.</exception>
    public Dense(int units, Activation activation = Activation.Linear, bool useBias = true)
    {
        (Units, Activation, UseBias) = (units, activation, useBias);
        RequirePositive(units, nameof(units));
    }

    /// <summary>Outputs.</summary>
    public int Units { get; }

    /// <summary>Applied to the result.</summary>
    public Activation Activation { get; }

    /// <summary>Whether a bias is added to each unit's sum.</summary>
    public bool UseBias { get; }

    /// <inheritdoc/>
    public override TensorShape OutputShape(TensorShape input) => input.IsFlat
        ? TensorShape.Vector(Units)
        : throw CannotTake(input, $"it needs a vector to make {TensorShape.Vector(Units)}. Put Flatten before it.");

    /// <inheritdoc/>
    public override IReadOnlyList<WeightShape> Weights(TensorShape input) =>
    [
        new("kernel", [Units, input.Channels]),
        .. UseBias ? [new WeightShape("bias", [Units])] : Array.Empty<WeightShape>(),
    ];

    /// <inheritdoc/>
    public override long MultiplyAdds(TensorShape input) => (long)input.Channels * Units;
}
