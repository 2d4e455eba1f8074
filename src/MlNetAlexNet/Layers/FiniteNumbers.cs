using System.Numerics;
using System.Runtime.InteropServices;

namespace MlNetAlexNet.Layers;

/// <summary>Tells numbers that can be computed with from NaN and infinity.</summary>
internal static class FiniteNumbers
{
    /// <summary>Checks them all.</summary>
    /// <param name="what">What they are, to begin a sentence with.</param>
    /// <param name="values">The numbers.</param>
    /// <exception cref="AlexNetException">One is NaN or infinite.</exception>
    public static void Require(string what, ReadOnlySpan<float> values)
    {
        if (AreFinite(values))
            return;

        var place = 0;
        while (float.IsFinite(values[place]))
            place++;
        throw new AlexNetException(FormattableString.Invariant(
            $"{what} holds {values[place]} as number {place + 1} of {values.Length}; a network with it gives no scores. ")
            + "Take the weights of an earlier epoch, before the training diverged.");
    }

    // Finite numbers times 0 are 0; NaN and infinity times 0 are NaN, and so is any sum with them.
    private static bool AreFinite(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var sums = Vector<float>.Zero;
        foreach (var vector in vectors)
            sums += vector * 0;

        var sum = Vector.Sum(sums);
        foreach (var value in values[(vectors.Length * Vector<float>.Count)..])
            sum += value * 0;
        return sum == 0;
    }
}
