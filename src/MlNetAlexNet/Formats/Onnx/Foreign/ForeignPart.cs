using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>A layer of the stack under construction, with its weights by our names for them.</summary>
internal sealed record ForeignPart(Layer Layer, params IReadOnlyList<(string Name, Weight Weight)> Weights)
{
    /// <summary>Whether this is a sum of products that nothing has been applied to yet.</summary>
    public bool IsLinear => Layer is WeightedLayer { Activation: Activation.Linear };

    /// <summary>A convolution or a dense layer.</summary>
    public static ForeignPart Of(WeightedLayer layer, Weight kernel, Weight? bias) => bias is null
        ? new(layer with { UseBias = false }, ("kernel", kernel))
        : new(layer with { UseBias = true }, ("kernel", kernel), ("bias", bias));

    /// <summary>The sums of products with a function at the end.</summary>
    public ForeignPart With(Activation activation) => this with { Layer = Products with { Activation = activation } };

    /// <summary>The sums of products with that done to them, worked into kernel and bias.</summary>
    public ForeignPart With(ForeignAffine affine)
    {
        var (kernel, bias) = (Weights[0].Weight, Weights.Count > 1 ? Weights[1].Weight : null);
        var perOutput = kernel.Values.Length / kernel.Dimensions[0];
        var values = affine.IsSum
            ? kernel.Values
            : [.. kernel.Values.Select((value, i) => (float)(value * affine.Factors[i / perOutput]))];
        var sums = affine.Factors
            .Select((factor, output) => (float)((bias?.Values[output] ?? 0) * factor + affine.Summands[output]));
        return Of(
            Products,
            kernel with { Values = values },
            bias is null && affine.IsProduct ? null : new Weight([kernel.Dimensions[0]], [.. sums]));
    }

    private WeightedLayer Products => (WeightedLayer)Layer;
}
