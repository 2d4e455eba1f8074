namespace MlNetAlexNet.Layers;

/// <summary>
/// An activation as a layer of its own: Keras' <c>Activation</c>, <c>ReLU</c> and <c>Softmax</c> layers.
/// </summary>
public sealed record ActivationLayer : Layer
{
    /// <summary>Creates an activation layer.</summary>
    /// <param name="activation">The function; <see cref="Activation.Softmax"/> ends the stack.</param>
    public ActivationLayer(Activation activation) => Activation = activation;

    /// <summary>The function.</summary>
    public Activation Activation { get; init; }

    /// <inheritdoc/>
    public override string TypeName => "Activation";

    /// <inheritdoc/>
    public override TensorShape ComputeOutputShape(TensorShape input) => Activation != Activation.Softmax || input.IsFlat
        ? input
        : throw CannotTake(input, "a softmax over classes needs a vector. Put Flatten before it.");
}
