using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>A layer of the stack under construction, with its weights.</summary>
internal sealed record ForeignPart(Layer Layer, Weight? Kernel = null, Weight? Bias = null)
{
    /// <summary>Whether this is a sum of products that nothing has been applied to yet.</summary>
    public bool IsLinear => Layer is Conv2D { Activation: Activation.Linear } or Dense { Activation: Activation.Linear };

    public ForeignPart With(Activation activation) => this with { Layer = Rebuilt(activation, Bias is not null) };

    public ForeignPart With(Weight kernel, Weight bias) =>
        new(Rebuilt(Activation.Linear, useBias: true), kernel, bias);

    public IEnumerable<KeyValuePair<string, Weight>> Weights(string name)
    {
        if (Kernel is not null)
            yield return new($"{name}/kernel", Kernel);
        if (Bias is not null)
            yield return new($"{name}/bias", Bias);
    }

    private Layer Rebuilt(Activation activation, bool useBias) => Layer switch
    {
        Conv2D conv => new Conv2D(
            conv.Filters, conv.Kernel, conv.Strides, conv.Padding, activation, conv.Groups, conv.Dilation, useBias),
        Dense dense => new Dense(dense.Units, activation, useBias),
        _ => throw new NotSupportedException($"{Layer.TypeName} has no weights."),
    };
}
