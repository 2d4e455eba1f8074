namespace MlNetAlexNet.Layers;

/// <summary>
/// A 2-D convolution, as Keras' <c>Conv2D</c>. Kernel weights: filters x channels / groups x height x width.
/// </summary>
public sealed record Conv2D : WeightedLayer
{
    /// <summary>Creates a convolution.</summary>
    /// <param name="filters">Output channels.</param>
    /// <param name="kernel">Window in pixels.</param>
    /// <param name="strides">Step of the window in pixels. Default 1.</param>
    /// <param name="padding">Default <see cref="Padding.Valid"/>.</param>
    /// <param name="activation">Default <see cref="Activation.Linear"/>.</param>
    /// <param name="groups">
    /// Parts into which input channels and filters are split, each seeing its own. Default 1.
    /// </param>
    /// <param name="dilation">Distance in pixels between the window's places, Keras' <c>dilation_rate</c>. Default 1.</param>
    /// <param name="useBias">Whether a bias is added to each filter's sum. Default true.</param>
    /// <exception cref="AlexNetException">A number is below 1.</exception>
    public Conv2D(
        int filters,
        Size2D kernel,
        Size2D? strides = null,
        Padding padding = default,
        Activation activation = Activation.Linear,
        int groups = 1,
        Size2D? dilation = null,
        bool useBias = true)
        : base(activation, useBias)
    {
        (Filters, Kernel, Strides, Groups, Dilation) = (filters, kernel, strides ?? 1, groups, dilation ?? 1);
        Padding = padding;
    }

    /// <summary>Output channels.</summary>
    /// <exception cref="AlexNetException">It is below 1.</exception>
    public int Filters { get; init => field = Positive(value); }

    /// <summary>Window in pixels.</summary>
    /// <exception cref="AlexNetException">A side is below 1.</exception>
    public Size2D Kernel { get; init => field = Positive(value); }

    /// <summary>Step of the window in pixels.</summary>
    /// <exception cref="AlexNetException">A side is below 1.</exception>
    public Size2D Strides { get; init => field = Positive(value); }

    /// <summary>How the window meets the border.</summary>
    public Padding Padding { get; init; }

    /// <summary>Parts into which channels and filters are split (Krizhevsky 2012, section 3.5, used 2).</summary>
    /// <exception cref="AlexNetException">It is below 1.</exception>
    public int Groups { get; init => field = Positive(value); }

    /// <summary>Distance in pixels between the window's places.</summary>
    /// <exception cref="AlexNetException">A side is below 1.</exception>
    public Size2D Dilation { get; init => field = Positive(value); }

    /// <summary>
    /// Pixels the window spans with the gaps of its <see cref="Dilation"/>: what <see cref="Padding.Resolve"/> takes.
    /// </summary>
    public Size2D DilatedKernel => Kernel.DilatedBy(Dilation);

    /// <inheritdoc/>
    public override TensorShape ComputeOutputShape(TensorShape input)
    {
        var windows = SlidingWindows(input, DilatedKernel, Strides, Padding);
        var output = TensorShape.Image(windows.Height, windows.Width, Filters);
        RequireWholeGroups(input.Channels, "input channels");
        RequireWholeGroups(Filters, "filters");
        return output;

        void RequireWholeGroups(int count, string what)
        {
            if (count % Groups != 0)
            {
                throw CannotTake(input, $"to make {output}, its {Groups} groups must divide the {count} {what}.");
            }
        }
    }

    /// <inheritdoc/>
    public override long CountMultiplyAdds(TensorShape input) =>
        (long)ComputeOutputShape(input).Elements * (input.Channels / Groups) * Kernel.Height * Kernel.Width;

    private protected override int[] KernelDimensions(TensorShape input) =>
        [Filters, input.Channels / Groups, Kernel.Height, Kernel.Width];
}
