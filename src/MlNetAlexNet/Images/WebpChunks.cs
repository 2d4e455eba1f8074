using System.Buffers.Binary;

namespace MlNetAlexNet.Images;

/// <summary>
/// The chunks of a WebP (WebP container specification, "RIFF File Format"), each filled up to an even length; none if the file
/// is no WebP. Whatever the bytes are, it ends with the last of them, or where the file says that it ends.
/// </summary>
/// <param name="file">The file's bytes.</param>
internal ref struct WebpChunks(ReadOnlySpan<byte> file)
{
    private const int HeaderBytes = 12; // "RIFF", a length, "WEBP"
    private const int ChunkHeaderBytes = 8;

    private ReadOnlySpan<byte> _rest = ContentOf(file);

    public PictureChunk Current { get; private set; }

    public readonly WebpChunks GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.Length < ChunkHeaderBytes)
            return false;

        var length = BinaryPrimitives.ReadUInt32LittleEndian(_rest[4..]);
        var type = _rest[..4];
        _rest = _rest[ChunkHeaderBytes..];
        var content = _rest[..(int)Math.Min(length, _rest.Length)];
        _rest = _rest[Math.Min(_rest.Length, content.Length + (content.Length & 1))..];
        Current = new PictureChunk(type, content);
        return true;
    }

    // The length counts from behind itself.
    private static ReadOnlySpan<byte> ContentOf(ReadOnlySpan<byte> file) =>
        file.Length >= HeaderBytes && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8)
            ? file[HeaderBytes..(int)Math.Clamp(8L + BinaryPrimitives.ReadUInt32LittleEndian(file[4..]), HeaderBytes, file.Length)]
            : [];
}
