using System.Runtime.InteropServices;

namespace MlNetAlexNet.Models;

/// <summary>Fingerprints of pictures, each once: 8 bytes a picture, 8 MB for a million. Immutable.</summary>
public sealed class PictureFingerprints
{
    private readonly ulong[] _sorted;

    private PictureFingerprints(ulong[] sorted) => _sorted = sorted;

    /// <summary>Of no picture.</summary>
    public static PictureFingerprints None { get; } = new([]);

    /// <summary>How many different ones.</summary>
    public int Count => _sorted.Length;

    /// <summary>Of these pictures; one that comes twice is kept once.</summary>
    public static PictureFingerprints Collect(IEnumerable<PictureFingerprint> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ulong[] values = [.. pictures.Select(picture => picture.Value).Distinct()];
        Array.Sort(values);
        return new(values);
    }

    /// <summary>Whether it is one of these.</summary>
    public bool Contains(PictureFingerprint picture) => Array.BinarySearch(_sorted, picture.Value) >= 0;

    /// <summary>These and those of another.</summary>
    public PictureFingerprints Union(PictureFingerprints other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Collect(_sorted.Concat(other._sorted).Select(value => new PictureFingerprint(value)));
    }

    /// <summary>As a model keeps them: 8 bytes each, little-endian, ascending.</summary>
    internal byte[] ToBytes() => MemoryMarshal.AsBytes<ulong>(_sorted).ToArray();

    /// <summary>What <see cref="ToBytes"/> gave.</summary>
    /// <exception cref="AlexNetException">It is something else.</exception>
    internal static PictureFingerprints Read(ReadOnlySpan<byte> bytes) => bytes.Length % sizeof(ulong) == 0
        ? Collect(MemoryMarshal.Cast<byte, ulong>(bytes).ToArray().Select(value => new PictureFingerprint(value)))
        : throw new AlexNetException($"the fingerprints of its pictures have {bytes.Length} bytes, which is no multiple of {sizeof(ulong)}");
}
