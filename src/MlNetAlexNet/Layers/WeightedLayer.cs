namespace MlNetAlexNet.Layers;

/// <summary>
/// Sums of products of the input with a kernel: the base of the layers with weights. What they have in common is what a
/// file format or an engine asks about most: the bias, and the function at the end.
/// </summary>
public abstract record WeightedLayer : Layer
{
    private protected WeightedLayer(Activation activation, bool useBias) =>
        (Activation, UseBias) = (activation, useBias);

    /// <summary>Applied to the result.</summary>
    public Activation Activation { get; init; }

    /// <summary>Whether a bias is added to the sum of each output channel or unit.</summary>
    public bool UseBias { get; init; }

    /// <summary>The kernel, and the bias if there is one: a value for each of the kernel's first dimension.</summary>
    public sealed override IReadOnlyList<WeightShape> ListWeights(TensorShape input)
    {
        var kernel = new WeightShape("kernel", KernelDimensions(input));
        return UseBias ? [kernel, new WeightShape("bias", [kernel.Dimensions[0]])] : [kernel];
    }

    /// <summary>The kernel's dimensions for that input, output channels or units first.</summary>
    private protected abstract int[] KernelDimensions(TensorShape input);
}
