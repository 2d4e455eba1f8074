using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>A layer of the stack under construction, with its weights.</summary>
internal sealed record ForeignPart(Layer Layer, Weight? Kernel = null, Weight? Bias = null)
{
    /// <summary>Whether this is a sum of products that nothing has been applied to yet.</summary>
    public bool IsLinear => Layer is WeightedLayer { Activation: Activation.Linear };

    public ForeignPart With(Activation activation) => this with { Layer = Weighted with { Activation = activation } };

    public ForeignPart With(Weight kernel, Weight bias) => new(Weighted with { UseBias = true }, kernel, bias);

    public IEnumerable<KeyValuePair<string, Weight>> Weights(string name)
    {
        if (Kernel is not null)
            yield return new($"{name}/kernel", Kernel);
        if (Bias is not null)
            yield return new($"{name}/bias", Bias);
    }

    private WeightedLayer Weighted => (WeightedLayer)Layer;
}
