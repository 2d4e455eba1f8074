using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>
/// A zip of files stored as they are, each beginning at a multiple of 64 bytes, as PyTorch pads them with an extra field
/// (caffe2/serialize/inline_container.cc, <c>getPadding</c>), which .NET's own zips cannot. Formats: APPNOTE.TXT 6.3.
/// </summary>
internal sealed class AlignedZip(Stream stream)
{
    private const int Alignment = 64;

    private readonly List<byte> _directory = [];
    private long _position;
    private ushort _count;

    public void Add(string name, ReadOnlySpan<byte> content)
    {
        var nameBytes = Encoding.UTF8.GetBytes(name);
        var padding = Padding(_position + 30 + nameBytes.Length);
        var about = new byte[26]; // what the entry and the directory both say
        BinaryPrimitives.WriteUInt16LittleEndian(about.AsSpan(0), 20);     // version that reads it
        BinaryPrimitives.WriteUInt16LittleEndian(about.AsSpan(2), 0x0800); // names are UTF-8
        BinaryPrimitives.WriteUInt16LittleEndian(about.AsSpan(8), 0x21);   // 1 January 1980: the same bytes each time
        BinaryPrimitives.WriteUInt32LittleEndian(about.AsSpan(10), Crc32.HashToUInt32(content));
        BinaryPrimitives.WriteInt32LittleEndian(about.AsSpan(14), content.Length);
        BinaryPrimitives.WriteInt32LittleEndian(about.AsSpan(18), content.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(about.AsSpan(22), (ushort)nameBytes.Length);

        _directory.AddRange("PK\x01\x02\x14\x00"u8);
        _directory.AddRange(about);
        _directory.AddRange(new byte[10]);                                    // no comment, first disk, no attributes
        _directory.AddRange(UInt32(_position));
        _directory.AddRange(nameBytes);

        BinaryPrimitives.WriteUInt16LittleEndian(about.AsSpan(24), (ushort)padding.Length);
        Write("PK\x03\x04"u8);
        Write(about);
        Write(nameBytes);
        Write(padding);
        Write(content);
        _count++;
    }

    public void Finish()
    {
        var start = _position;
        Write([.. _directory]);
        var end = new byte[22];
        "PK\x05\x06"u8.CopyTo(end);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), _count);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), _count);
        UInt32(_directory.Count).CopyTo(end, 12);
        UInt32(start).CopyTo(end, 16);
        Write(end);
    }

    private static byte[] Padding(long beforeIt)
    {
        var filling = (int)(-(beforeIt + 4) & (Alignment - 1));
        var extra = new byte[4 + filling];
        "FB"u8.CopyTo(extra);
        BinaryPrimitives.WriteUInt16LittleEndian(extra.AsSpan(2), (ushort)filling);
        extra.AsSpan(4).Fill((byte)'Z');
        return extra;
    }

    private static byte[] UInt32(long value)
    {
        if (value > uint.MaxValue)
            throw new AlexNetException("The weights take more than 4 GB, which such a zip cannot hold.");

        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)value);
        return bytes;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        _position += bytes.Length;
    }
}
