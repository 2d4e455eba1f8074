using System.Globalization;

namespace MlNetAlexNet.Layers;

/// <summary>
/// The shape of one example between two layers: height x width x channels, or a flat vector of units.
/// The batch dimension is not part of it.
/// </summary>
public readonly record struct TensorShape
{
    private TensorShape(int height, int width, int channels, bool isFlat)
    {
        if (height < 1 || width < 1 || channels < 1)
        {
            throw new AlexNetException(
                $"A shape of {height} x {width} x {channels} has an empty side; every side must be at least 1.");
        }

        if ((double)height * width * channels > Array.MaxLength)
        {
            throw new AlexNetException(
                $"A shape of {height} x {width} x {channels} holds more than {Array.MaxLength} values.");
        }

        Height = height;
        Width = width;
        Channels = channels;
        IsFlat = isFlat;
    }

    /// <summary>Rows, in pixels; 1 for a vector.</summary>
    public int Height { get; }

    /// <summary>Columns, in pixels; 1 for a vector.</summary>
    public int Width { get; }

    /// <summary>Channels of an image; units of a vector.</summary>
    public int Channels { get; }

    /// <summary>True for a vector of <see cref="Channels"/> units.</summary>
    public bool IsFlat { get; }

    /// <summary>Values in one example.</summary>
    public int Elements => Height * Width * Channels;

    /// <summary>
    /// An image of <paramref name="height"/> x <paramref name="width"/> x <paramref name="channels"/>.
    /// </summary>
    /// <exception cref="AlexNetException">
    /// A side is below 1, or the shape holds more values than an array can.
    /// </exception>
    public static TensorShape Image(int height, int width, int channels) => new(height, width, channels, isFlat: false);

    /// <summary>A vector of <paramref name="units"/> values.</summary>
    /// <exception cref="AlexNetException"><paramref name="units"/> is below 1.</exception>
    public static TensorShape Vector(int units) => new(1, 1, units, isFlat: true);

    /// <summary>The shape as Keras prints it, batch first: <c>(None, 55, 55, 96)</c> or <c>(None, 9216)</c>.</summary>
    public override string ToString() => IsFlat
        ? string.Create(CultureInfo.InvariantCulture, $"(None, {Channels})")
        : string.Create(CultureInfo.InvariantCulture, $"(None, {Height}, {Width}, {Channels})");
}
