using System.Runtime.CompilerServices;

namespace MlNetAlexNet.Layers;

/// <summary>The name and dimensions of one weight of a layer, in Torch's order (see <see cref="WeightSet"/>).</summary>
/// <param name="Name">Keras' name: <c>kernel</c>, <c>bias</c>, or one of <see cref="BatchNormalization"/>.</param>
/// <param name="Dimensions">Such as 96, 3, 11, 11 for 96 filters of 11x11 over 3 channels.</param>
public sealed record WeightShape(string Name, IReadOnlyList<int> Dimensions)
{
    /// <summary>Whether the optimizer changes it; a moving statistic follows the batches instead. Default true.</summary>
    public bool IsTrainable { get; init; } = true;

    /// <summary>Values in the weight.</summary>
    public long Elements => Dimensions.Aggregate(1L, (product, side) => product * side);
}

/// <summary>
/// One layer of a <see cref="Sequential"/> stack. A layer knows what it makes of a shape and which weights that takes,
/// nothing else: engines and file formats each map layers to their own terms. <c>conv with { Strides = 2 }</c> makes a
/// changed layer, checked as a new one is.
/// </summary>
public abstract record Layer
{
    // Engines and formats know every layer; a stranger's would be refused by each of them.
    private protected Layer()
    {
    }

    /// <summary>The layer's name in the stack. Default null: Keras' automatic name, such as <c>conv2d_1</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The Keras class name, such as <c>MaxPooling2D</c>.</summary>
    public virtual string TypeName => GetType().Name;

    /// <summary>The shape this layer makes of <paramref name="input"/>.</summary>
    /// <exception cref="AlexNetException">The layer cannot take that shape; the message names both.</exception>
    public abstract TensorShape ComputeOutputShape(TensorShape input);

    /// <summary>The weights for that input; empty for a layer without any.</summary>
    public virtual IReadOnlyList<WeightShape> ListWeights(TensorShape input) => [];

    /// <summary>
    /// Multiplications with an addition for one example; biases, pooling and activations are not counted.
    /// </summary>
    public virtual long CountMultiplyAdds(TensorShape input) => 0;

    /// <summary>The fault of a layer that cannot take <paramref name="input"/>.</summary>
    private protected AlexNetException CannotTake(TensorShape input, string reason) =>
        new($"{Name ?? TypeName} cannot take {input}: {reason}");

    private protected void RequireImage(TensorShape input)
    {
        if (input.IsFlat)
        {
            throw CannotTake(input, "it needs an image (height, width, channels). Put it before Flatten.");
        }
    }

    private protected int Positive(int value, [CallerMemberName] string property = "") =>
        value >= 1 ? value : throw Unfit(property, value, "it must be at least 1");

    private protected Size2D Positive(Size2D value, [CallerMemberName] string property = "") =>
        value is { Height: >= 1, Width: >= 1 }
            ? value
            : throw Unfit(property, value, "both sides must be at least 1");

    private protected double NotNegative(double value, [CallerMemberName] string property = "") =>
        value >= 0 && double.IsFinite(value) ? value : throw Unfit(property, value, "it must be at least 0");

    /// <summary>The fault of a value that a layer cannot have; the property is called as constructors call it.</summary>
    private protected AlexNetException Unfit(string property, object value, string allowed) =>
        new(FormattableString.Invariant(
            $"{TypeName} with {char.ToLowerInvariant(property[0])}{property[1..]} {value}; {allowed}."));

    /// <summary>Rows and columns a window of that size finds when it steps over the padded input.</summary>
    private protected Size2D SlidingWindows(TensorShape input, Size2D window, Size2D strides, Padding padding)
    {
        RequireImage(input);
        var sides = padding.Resolve(input, window, strides);
        var height = input.Height + sides.Top + sides.Bottom;
        var width = input.Width + sides.Left + sides.Right;
        if (window.Height > height || window.Width > width)
        {
            throw CannotTake(
                input, $"its {window} window is larger than the {height}x{width} input with padding '{padding}'.");
        }

        return new Size2D((height - window.Height) / strides.Height + 1, (width - window.Width) / strides.Width + 1);
    }
}
