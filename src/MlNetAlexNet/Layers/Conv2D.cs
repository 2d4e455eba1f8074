namespace MlNetAlexNet.Layers;

/// <summary>
/// A 2-D convolution, as Keras' <c>Conv2D</c>. Kernel weights: filters x channels / groups x height x width.
/// </summary>
public sealed record Conv2D : Layer
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
    /// <exception cref="AlexNetException">A number is below 1.</exception>
    public Conv2D(
        int filters,
        Size2D kernel,
        Size2D? strides = null,
        Padding padding = default,
        Activation activation = Activation.Linear,
        int groups = 1)
    {
        (Filters, Kernel, Strides, Groups) = (filters, kernel, strides ?? 1, groups);
        (Padding, Activation) = (padding, activation);
        RequirePositive(Filters, nameof(filters));
        RequirePositive(Kernel, nameof(kernel));
        RequirePositive(Strides, nameof(strides));
        RequirePositive(Groups, nameof(groups));
    }

    /// <summary>Output channels.</summary>
    public int Filters { get; }

    /// <summary>Window in pixels.</summary>
    public Size2D Kernel { get; }

    /// <summary>Step of the window in pixels.</summary>
    public Size2D Strides { get; }

    /// <summary>How the window meets the border.</summary>
    public Padding Padding { get; }

    /// <summary>Applied to the result.</summary>
    public Activation Activation { get; }

    /// <summary>Parts into which channels and filters are split (Krizhevsky 2012, section 3.5, used 2).</summary>
    public int Groups { get; }

    /// <inheritdoc/>
    public override TensorShape OutputShape(TensorShape input)
    {
        var windows = SlidingWindows(input, Kernel, Strides, Padding);
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
    public override IReadOnlyList<WeightShape> Weights(TensorShape input) =>
    [
        new("kernel", [Filters, input.Channels / Groups, Kernel.Height, Kernel.Width]),
        new("bias", [Filters]),
    ];

    /// <inheritdoc/>
    public override long MultiplyAdds(TensorShape input) =>
        (long)OutputShape(input).Elements * (input.Channels / Groups) * Kernel.Height * Kernel.Width;
}
