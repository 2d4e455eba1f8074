using MlNetAlexNet.Models;

namespace MlNetAlexNet.Formats;

/// <summary>
/// The graph that scores, of 8 bits or 32, on the way from where it is (a file of this library, a network in memory) to
/// where it goes: its bytes are copied from the one to the other without being in memory together.
/// </summary>
/// <param name="length">How many bytes they are.</param>
/// <param name="write">Writes them, each time it is called; throws if they are damaged or not as many.</param>
internal sealed class ScoringGraph(long length, Action<Stream> write) : IDisposable
{
    /// <summary>How many bytes it has.</summary>
    public long Length => length;

    /// <summary>The open file that it is in. Default null: it is in memory.</summary>
    public IDisposable? Source { get; init; }

    /// <summary>
    /// Reads what squares the stages of the same file make of pictures; null if none do. Throws if they do it otherwise than
    /// this library. Default null: such a file has no stages, and the graph itself says it.
    /// </summary>
    public Func<PictureForm?>? ReadForm { get; init; }

    /// <summary>The graph in a stream, from its beginning to its end.</summary>
    /// <param name="stream">Can be sought in; belongs to the graph from now on.</param>
    public static ScoringGraph Open(Stream stream) => new(stream.Length, target =>
    {
        stream.Position = 0;
        stream.CopyTo(target, bufferSize: 1 << 20);
    })
    {
        Source = stream,
    };

    /// <summary>Writes its bytes.</summary>
    public void WriteTo(Stream stream) => write(stream);

    /// <summary>Its bytes, read into memory.</summary>
    public byte[] ToArray()
    {
        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)length));
        using var memory = new MemoryStream(bytes);
        try
        {
            write(memory);
        }
        catch (NotSupportedException fault) // of the memory, which cannot grow
        {
            throw new InvalidDataException("it has become longer", fault);
        }

        return memory.Position == length ? bytes : throw new EndOfStreamException();
    }

    /// <summary>Closes the file that it is in.</summary>
    public void Dispose() => Source?.Dispose();
}
