using System.Buffers.Binary;
using System.IO.Compression;

namespace MlNetAlexNet.Images;

/// <summary>
/// What a PNG holds deflated beside its pixels (PNG specification, sections 11.3.3 and 11.3.4). Its decoder inflates each up to
/// 8 MB and keeps a thousand, though nothing of it is asked for: of 8 MB, 8 KB are stored.
/// </summary>
internal static class PngTexts
{
    private const int LengthBytes = 4;
    private const int TypeBytes = 4;
    private const int ChecksumBytes = 4;

    /// <summary>Whether they are more bytes than that, all together. False if the file is no PNG.</summary>
    public static unsafe bool InflateBeyond(ReadOnlySpan<byte> file, long most)
    {
        if (!file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]))
            return false;

        var buffer = Span<byte>.Empty;
        for (var chunk = file[8..]; chunk.Length >= LengthBytes + TypeBytes;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            var type = chunk.Slice(LengthBytes, TypeBytes);
            var rest = chunk[(LengthBytes + TypeBytes)..];
            var content = rest[..(int)Math.Min(length, rest.Length)];
            if (FindDeflated(type, content) is var deflated && !deflated.IsEmpty)
            {
                if (buffer.IsEmpty)
                    buffer = new byte[1 << 16];
                most -= CountInflated(deflated, most, buffer);
                if (most < 0)
                    return true;
            }

            chunk = rest[Math.Min(rest.Length, content.Length + ChecksumBytes)..];
        }

        return false;
    }

    // Each begins with a text that ends in 0; then zTXt and iCCP have the method, iTXt whether there is one, the method, and
    // two more such texts.
    private static ReadOnlySpan<byte> FindDeflated(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        if (type.SequenceEqual("zTXt"u8) || type.SequenceEqual("iCCP"u8))
            return Skip(AfterText(content), 1);

        if (!type.SequenceEqual("iTXt"u8))
            return [];

        var flags = AfterText(content);
        return flags.IsEmpty || flags[0] == 0 ? [] : AfterText(AfterText(Skip(flags, 2)));
    }

    private static ReadOnlySpan<byte> AfterText(ReadOnlySpan<byte> content) =>
        content.IndexOf((byte)0) is >= 0 and var end ? content[(end + 1)..] : [];

    private static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> content, int bytes) => content[Math.Min(bytes, content.Length)..];

    // Up to one more than the most.
    private static unsafe long CountInflated(ReadOnlySpan<byte> deflated, long most, Span<byte> buffer)
    {
        fixed (byte* start = deflated)
        {
            using var stream = new ZLibStream(new UnmanagedMemoryStream(start, deflated.Length), CompressionMode.Decompress);
            var count = 0L;
            try
            {
                while (count <= most && stream.Read(buffer) is > 0 and var read)
                    count += read;
            }
            catch (InvalidDataException)
            {
                // Nor does the decoder get further.
            }

            return count;
        }
    }
}
