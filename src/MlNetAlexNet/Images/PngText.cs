using System.IO.Compression;

namespace MlNetAlexNet.Images;

/// <summary>A text that a PNG holds beside its pixels, or its colour profile (PNG specification, sections 11.3.3 and 11.3.4).</summary>
internal readonly ref struct PngText
{
    /// <summary>Reads a chunk; its keyword is empty if it holds no text.</summary>
    public PngText(PictureChunk chunk)
    {
        // Each begins with a keyword that ends in 0; then zTXt and iCCP have the method, iTXt whether there is one, the method,
        // and two more such texts.
        var content = chunk.Content;
        var isInternational = chunk.Is("iTXt"u8);
        var isDeflated = chunk.Is("zTXt"u8) || chunk.Is("iCCP"u8);
        if ((!isInternational && !isDeflated && !chunk.Is("tEXt"u8)) || content.IndexOf((byte)0) is not (> 0 and var end))
            return;

        Keyword = content[..end];
        var rest = content[(end + 1)..];
        IsDeflated = isDeflated || (isInternational && rest is [not 0, ..]);
        Stored = isInternational ? AfterText(AfterText(Skip(rest, 2))) : Skip(rest, isDeflated ? 1 : 0);
    }

    /// <summary>What it is called.</summary>
    public ReadOnlySpan<byte> Keyword { get; }

    /// <summary>Whether it is deflated.</summary>
    public bool IsDeflated { get; }

    /// <summary>It as it is stored.</summary>
    public ReadOnlySpan<byte> Stored { get; }

    /// <summary>It, inflated where it is deflated; cut if it is longer than so many bytes.</summary>
    public ReadOnlySpan<byte> Read(int most)
    {
        if (!IsDeflated)
            return Stored[..Math.Min(most, Stored.Length)];

        var inflated = new MemoryStream();
        var buffer = new byte[1 << 14];
        Inflate(most, buffer, inflated);
        return inflated.GetBuffer().AsSpan(0, (int)Math.Min(most, inflated.Length));
    }

    /// <summary>Counts the bytes that it inflates to, up to one buffer more than the most.</summary>
    public long CountInflated(long most, Span<byte> buffer) => Inflate(most, buffer, into: null);

    private unsafe long Inflate(long most, Span<byte> buffer, Stream? into)
    {
        if (Stored.IsEmpty)
            return 0;

        fixed (byte* start = Stored)
        {
            using var stream = new ZLibStream(new UnmanagedMemoryStream(start, Stored.Length), CompressionMode.Decompress);
            var count = 0L;
            try
            {
                while (count <= most && stream.Read(buffer) is > 0 and var read)
                {
                    count += read;
                    into?.Write(buffer[..read]);
                }
            }
            catch (InvalidDataException)
            {
                // Nor does the decoder get further.
            }

            return count;
        }
    }

    private static ReadOnlySpan<byte> AfterText(ReadOnlySpan<byte> content) =>
        content.IndexOf((byte)0) is >= 0 and var end ? content[(end + 1)..] : [];

    private static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> content, int bytes) => content[Math.Min(bytes, content.Length)..];
}
