using System.Globalization;

namespace MlNetAlexNet.Scoring;

/// <summary>What computes the scores: the processor, which is the default, or a CUDA card.</summary>
public readonly record struct ScoringDevice
{
    /// <summary>The processor.</summary>
    public static ScoringDevice Cpu => default;

    /// <summary>Number of the card, counted from 0 as CUDA does. Null: the processor.</summary>
    public int? Card { get; private init; }

    /// <summary>A CUDA card.</summary>
    /// <param name="card">Its number, from 0. Default 0.</param>
    /// <exception cref="AlexNetException"><paramref name="card"/> is below 0.</exception>
    public static ScoringDevice Cuda(int card = 0) => card >= 0
        ? new ScoringDevice { Card = card }
        : throw new AlexNetException($"The CUDA card is {card}; it must be at least 0, which is the first.");

    /// <summary>
    /// Reads <c>cpu</c>, <c>cuda</c>, which is the first card, or <c>cuda:1</c>; capitals count as small letters.
    /// </summary>
    /// <exception cref="AlexNetException">It is none of them.</exception>
    public static ScoringDevice Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.ToLowerInvariant().Split(':') switch
        {
            ["cpu"] => Cpu,
            ["cuda"] => Cuda(),
            ["cuda", var number]
                when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var card) => Cuda(card),
            _ => throw new AlexNetException(
                $"The device '{text}' is not known. It must be cpu, cuda or, for another than the first CUDA card, its "
                + "number after a colon, such as cuda:1."),
        };
    }

    /// <summary>As <see cref="Parse"/> reads it, such as <c>cuda:0</c>.</summary>
    public override string ToString() => Card is { } card ? FormattableString.Invariant($"cuda:{card}") : "cpu";
}
