namespace MlNetAlexNet.Layers;

/// <summary>
/// Zeroes each unit with probability <see cref="Rate"/> in training and scales the others by 1 / (1 - rate), as Keras'
/// <c>Dropout</c>; passes everything through in scoring (Krizhevsky 2012, section 4.2).
/// </summary>
public sealed record Dropout : Layer
{
    /// <summary>Creates a dropout layer.</summary>
    /// <param name="rate">Probability of a zero, from 0 up to but not including 1. Default 0.5.</param>
    /// <exception cref="AlexNetException"><paramref name="rate"/> is out of range.</exception>
    public Dropout(double rate = 0.5) => Rate = rate;

    /// <summary>Probability of a zero, from 0 up to but not including 1.</summary>
    /// <exception cref="AlexNetException">It is out of range.</exception>
    public double Rate
    {
        get;
        init => field = value is >= 0 and < 1
            ? value
            : throw Unfit(nameof(Rate), value, "it must be at least 0 and below 1");
    }

    /// <inheritdoc/>
    public override TensorShape ComputeOutputShape(TensorShape input) => input;
}
