using System.Buffers.Binary;
using System.Text;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>The bytes of a pickle. Lengths in it are believed only as far as a pickle may be long at all.</summary>
internal sealed class PickleInput(Stream stream)
{
    /// <summary>The names and shapes of a thousand tensors take a tenth of this.</summary>
    public const int MaxBytes = 1 << 22;

    private long _left = MaxBytes;

    public byte Byte() => Bytes(1)[0];

    public ReadOnlySpan<byte> Bytes(long count)
    {
        if (count < 0 || count > _left)
            throw new AlexNetException($"a pickle in it is longer than {MaxBytes} bytes; no state dict needs that.");

        _left -= count;
        var bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    public double BigEndianDouble() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(8));

    public string Text(long bytes) => Encoding.UTF8.GetString(Bytes(bytes));

    public string Line()
    {
        var line = new StringBuilder();
        for (var next = Byte(); next != '\n'; next = Byte())
            line.Append((char)next);
        return line.ToString();
    }
}
