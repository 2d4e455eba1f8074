using System.Buffers;

namespace MlNetAlexNet.Images;

/// <summary>The bytes of a picture that came in a stream, in memory of the pool, to which they go back when disposed.</summary>
internal sealed class StreamBytes : IDisposable
{
    private const int SmallestBlock = 1 << 16;

    private byte[] _block;

    private StreamBytes(byte[] block, int length) => (_block, Length) = (block, length);

    /// <summary>How many they are.</summary>
    public int Length { get; }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _block.AsSpan(0, Length);

    /// <summary>Reads the rest of the stream, which stays open, without blocking a thread.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">What an error calls the picture, after "The".</param>
    /// <param name="bounds">What ends or refuses it.</param>
    /// <exception cref="AlexNetException">It is too long.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<StreamBytes> ReadAsync(Stream stream, string name, DecodeBounds bounds)
    {
        var expected = stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : 0;
        PictureLimits.RequireLength(expected, name, bounds);
        var pool = ArrayPool<byte>.Shared;

        // One byte more than expected: the end is seen without a larger block.
        var block = pool.Rent((int)Math.Max(expected + 1, SmallestBlock));
        try
        {
            for (var length = 0; ;)
            {
                var read = await stream.ReadAsync(block.AsMemory(length), bounds.Cancel).ConfigureAwait(false);
                if (read == 0)
                    return new StreamBytes(block, length);

                length += read;
                PictureLimits.RequireLength(length, name, bounds);
                if (length == block.Length)
                {
                    var larger = pool.Rent((int)Math.Min(2L * length, Array.MaxLength));
                    block.CopyTo(larger, 0);
                    pool.Return(block);
                    block = larger;
                }
            }
        }
        catch
        {
            pool.Return(block);
            throw;
        }
    }

    public void Dispose()
    {
        var block = _block;
        _block = [];
        if (block.Length > 0)
            ArrayPool<byte>.Shared.Return(block);
    }
}
