using System.Runtime.InteropServices;

namespace MlNetAlexNet.Quantization;

/// <summary>
/// Counts the values of an activation by the upper 16 bits of the float, 128 steps between a number and its double: so
/// any range is covered without knowing it before, and each count is of values that differ by less than 1 %.
/// </summary>
internal sealed class ActivationHistogram
{
    private readonly long[] _counts = new long[1 << 16];

    /// <summary>Adds values.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        foreach (var bits in MemoryMarshal.Cast<float, uint>(values))
            _counts[bits >> 16]++;
    }

    /// <summary>
    /// The range that leaves out the share 1 - <paramref name="percentile"/> of the largest values above 0, and likewise
    /// below: a few outliers would otherwise make every step coarse (Wu et al. 2020, "Integer Quantization for Deep
    /// Learning Inference", section 5, percentile calibration).
    /// </summary>
    public ActivationRange Range(double percentile) => new(-Limit(1 << 15, percentile), Limit(0, percentile));

    // Buckets of one sign are in the order of their magnitudes.
    private float Limit(int firstBucket, double percentile)
    {
        var buckets = _counts.AsSpan(firstBucket, 1 << 15);
        var all = 0L;
        foreach (var count in buckets[1..]) // the first holds zero
            all += count;

        var outside = (long)(all * (1 - percentile));
        for (var bucket = buckets.Length - 1; bucket > 0; bucket--)
        {
            outside -= buckets[bucket];
            if (outside < 0)
                return BitConverter.UInt32BitsToSingle((uint)(bucket << 16) | 0xFFFF);
        }

        return 0;
    }
}
