using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// A file that a damaged HDF5 structure cannot be read from for ever: addresses that lead in a circle end at a limit of
/// reads, or of the stack; addresses behind the end are a fault.
/// </summary>
internal sealed class Hdf5Stream(FileStream file) : Stream
{
    // Keras' largest models have some ten thousand objects, of a few dozen reads each.
    private const int MostReads = 10_000_000;
    private static readonly byte[] s_signature = [0x89, .. "HDF\r\n\x1a\n"u8];

    private readonly long _length = file.Length;
    private int _reads;

    /// <summary>Bytes that were read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Whether a file that begins so is one of HDF5.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> start) => start.StartsWith(s_signature);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    /// <summary>
    /// Compares the length with the end that the superblock names (HDF5 File Format Specification 3.0, II.A).
    /// </summary>
    /// <exception cref="InvalidDataException">The file is shorter, or no HDF5 file with 64-bit addresses.</exception>
    public void RequireWhole()
    {
        Span<byte> superblock = stackalloc byte[64];
        var read = file.ReadAtLeast(superblock, superblock.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (read < superblock.Length || !superblock.StartsWith(s_signature))
            throw new InvalidDataException("it does not start as HDF5 files do");
        var version = superblock[8];
        var addressBytes = superblock[version < 2 ? 13 : 9];
        var end = BinaryPrimitives.ReadInt64LittleEndian(superblock[(version switch { 0 => 40, 1 => 44, _ => 28 })..]);
        if (version > 3 || addressBytes != 8)
            throw new InvalidDataException($"its superblock, version {version}, has addresses of {addressBytes} bytes");
        if (end > _length)
            throw new InvalidDataException($"it has {_length} bytes of {end}");
    }

    public override int Read(Span<byte> buffer)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (++_reads > MostReads)
            throw new InvalidDataException("its structure leads in a circle");
        var read = file.Read(buffer);
        BytesRead += read;
        return read > 0 || buffer.Length == 0 ? read : throw new EndOfStreamException("it ends too early");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }
}
