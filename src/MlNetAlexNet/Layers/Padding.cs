namespace MlNetAlexNet.Layers;

/// <summary>Pixels added on each side of an image before a window slides over it.</summary>
public readonly record struct PaddingSides(int Top, int Bottom, int Left, int Right)
{
    /// <summary>True when opposite sides are equal, which is all that Torch's own padding argument can say.</summary>
    public bool IsSymmetric => Top == Bottom && Left == Right;
}

/// <summary>How a window meets the border: Keras' <c>valid</c> and <c>same</c>, or four explicit sides.</summary>
public readonly record struct Padding
{
    private readonly bool _same;
    private readonly PaddingSides _sides;

    private Padding(bool same, PaddingSides sides)
    {
        _same = same;
        _sides = sides;
    }

    /// <summary>No padding: the window stays inside the image. The default.</summary>
    public static Padding Valid => default;

    /// <summary>
    /// As much as makes the output ceil(input / stride). An odd pixel goes to the bottom and the right, as in
    /// TensorFlow (tensorflow/core/framework/common_shape_fns.cc, <c>GetWindowedOutputSizeVerbose</c>).
    /// </summary>
    public static Padding Same => new(same: true, default);

    /// <summary>The given number of pixels on each side.</summary>
    /// <exception cref="AlexNetException">A side is negative.</exception>
    public static Padding Explicit(int top, int bottom, int left, int right) =>
        top < 0 || bottom < 0 || left < 0 || right < 0
            ? throw new AlexNetException(
                $"Padding of {top}, {bottom}, {left}, {right} pixels; a side cannot be negative.")
            : new Padding(same: false, new PaddingSides(top, bottom, left, right));

    /// <summary>The four sides for an image of this shape, a window and its step, all in pixels.</summary>
    public PaddingSides Resolve(TensorShape input, Size2D window, Size2D strides)
    {
        if (!_same)
        {
            return _sides;
        }

        var (top, bottom) = SameSides(input.Height, window.Height, strides.Height);
        var (left, right) = SameSides(input.Width, window.Width, strides.Width);
        return new PaddingSides(top, bottom, left, right);
    }

    private static (int Before, int After) SameSides(int size, int window, int stride)
    {
        var outputs = (size - 1) / stride + 1;
        var total = Math.Max(0, (outputs - 1) * stride + window - size);
        return (total / 2, total - total / 2);
    }

    /// <summary><c>valid</c>, <c>same</c> or the four sides.</summary>
    public override string ToString() =>
        _same ? "same" : this == Valid ? "valid" : $"{_sides.Top}, {_sides.Bottom}, {_sides.Left}, {_sides.Right}";
}
