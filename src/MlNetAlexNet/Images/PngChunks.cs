using System.Buffers.Binary;

namespace MlNetAlexNet.Images;

/// <summary>
/// The chunks of a PNG up to its end (PNG specification, section 5.3), checksums not looked at; none if the file is no PNG.
/// Whatever the bytes are, it ends with the last of them.
/// </summary>
/// <param name="file">The file's bytes.</param>
internal ref struct PngChunks(ReadOnlySpan<byte> file)
{
    private const int LengthBytes = 4;
    private const int TypeBytes = 4;
    private const int ChecksumBytes = 4;

    private ReadOnlySpan<byte> _rest =
        file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]) ? file[8..] : [];

    public PictureChunk Current { get; private set; }

    public readonly PngChunks GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.Length < LengthBytes + TypeBytes || Current.Is("IEND"u8))
            return false;

        var length = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        var type = _rest.Slice(LengthBytes, TypeBytes);
        _rest = _rest[(LengthBytes + TypeBytes)..];
        var content = _rest[..(int)Math.Min(length, _rest.Length)];
        _rest = _rest[Math.Min(_rest.Length, content.Length + ChecksumBytes)..];
        Current = new PictureChunk(type, content);
        return true;
    }
}
