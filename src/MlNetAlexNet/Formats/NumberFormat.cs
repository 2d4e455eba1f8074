using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace MlNetAlexNet.Formats;

/// <summary>How a file keeps numbers, little-endian.</summary>
/// <param name="Name">As users of the framework know it, such as <c>float32</c>.</param>
/// <param name="Bytes">Size of one number.</param>
internal sealed record NumberFormat(string Name, int Bytes)
{
    public static readonly NumberFormat Float32 = new("float32", 4);

    public static readonly NumberFormat Float16 = new("float16", 2);

    public static readonly NumberFormat BFloat16 = new("bfloat16", 2);

    public static readonly NumberFormat Float64 = new("float64", 8);

    public static readonly NumberFormat Int64 = new("int64", 8);

    /// <summary>What is said where numbers are rounded.</summary>
    public const string Rounding = "float64 weights rounded to 32 bits";

    /// <summary>Whether the numbers are weights this library can take.</summary>
    public bool IsWeight => this == Float32 || this == Float16 || this == BFloat16 || this == Float64;

    /// <summary>Reads numbers, as 32 bits: <see cref="Float64"/> is rounded, the others are widened.</summary>
    /// <param name="stream">Stands at the first one.</param>
    /// <param name="count">How many.</param>
    /// <param name="checksum">Takes in the bytes that are read; null if nobody asks.</param>
    /// <exception cref="AlexNetException">The numbers are of another format.</exception>
    /// <exception cref="EndOfStreamException">The stream is too short.</exception>
    public float[] Read(Stream stream, int count, Crc32? checksum = null)
    {
        if (!IsWeight)
        {
            throw new AlexNetException(
                $"its numbers are {Name}; weights must be float32, float64, float16 or bfloat16. Convert them with .float().");
        }

        var values = new float[count];
        var block = new byte[Math.Min((long)count * Bytes, 1 << 18)];
        var numbersInBlock = block.Length / Math.Max(Bytes, 1);
        for (var start = 0; start < count; start += numbersInBlock)
        {
            var some = values.AsSpan(start, Math.Min(numbersInBlock, count - start));
            var bytes = block.AsSpan(0, some.Length * Bytes);
            stream.ReadExactly(bytes);
            checksum?.Append(bytes);
            Widen(bytes, some);
        }

        return values;
    }

    private void Widen(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        if (this == Float32)
        {
            MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
        }
        else if (this == Float16)
        {
            var halves = MemoryMarshal.Cast<byte, Half>(bytes);
            for (var i = 0; i < halves.Length; i++)
                values[i] = (float)halves[i];
        }
        else if (this == Float64)
        {
            var doubles = MemoryMarshal.Cast<byte, double>(bytes);
            for (var i = 0; i < doubles.Length; i++)
                values[i] = (float)doubles[i];
        }
        else
        {
            var upperHalves = MemoryMarshal.Cast<byte, ushort>(bytes);
            for (var i = 0; i < upperHalves.Length; i++)
                values[i] = BitConverter.UInt32BitsToSingle((uint)upperHalves[i] << 16);
        }
    }
}
