namespace MlNetAlexNet.Layers;

/// <summary>An image as one vector of height x width x channels units, as Keras' <c>Flatten</c>.</summary>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    public override TensorShape ComputeOutputShape(TensorShape input) => TensorShape.Vector(input.Elements);
}
