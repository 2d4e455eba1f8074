using System.Buffers;

namespace MlNetAlexNet.Images;

/// <summary>The bytes of a picture's file, read into a pooled buffer, and what an error calls it.</summary>
internal readonly ref struct EncodedPicture
{
    private const int SmallestBuffer = 1 << 16;

    private readonly byte[]? _pooled;

    /// <param name="bytes">The file's bytes.</param>
    /// <param name="name">What an error calls the picture, after "The".</param>
    public EncodedPicture(ReadOnlySpan<byte> bytes, string name)
    {
        Bytes = bytes;
        Name = name;
    }

    private EncodedPicture(byte[] pooled, int length, string name)
        : this(pooled.AsSpan(0, length), name) => _pooled = pooled;

    /// <summary>The file's bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>What an error calls the picture, after "The".</summary>
    public string Name { get; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="AlexNetException">It is missing, locked or a folder.</exception>
    public static EncodedPicture Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            return Read(file, $"picture '{path}'");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new AlexNetException($"The picture '{path}' does not exist.", fault) { PictureFault = PictureFault.Unreadable };
        }
        catch (Exception fault) when (Directory.Exists(path))
        {
            throw new AlexNetException($"'{path}' is a folder, not a picture.", fault) { PictureFault = PictureFault.Unreadable };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new AlexNetException($"The picture '{path}' cannot be read: {fault.Message}", fault)
            {
                PictureFault = PictureFault.Unreadable,
            };
        }
    }

    /// <summary>Reads the rest of the stream, which stays open.</summary>
    /// <exception cref="AlexNetException">It is too long.</exception>
    public static EncodedPicture Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(stream, "picture in the stream");
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (_pooled is not null)
            ArrayPool<byte>.Shared.Return(_pooled);
    }

    private static EncodedPicture Read(Stream stream, string name)
    {
        // One byte more than expected: the end is seen without a larger buffer.
        var expected = stream.CanSeek ? stream.Length - stream.Position + 1 : 0;
        RequireShort(expected, name);
        var pool = ArrayPool<byte>.Shared;
        var buffer = pool.Rent(Math.Max((int)expected, SmallestBuffer));
        try
        {
            for (var length = 0; ;)
            {
                var read = stream.Read(buffer, length, buffer.Length - length);
                if (read == 0)
                    return new EncodedPicture(buffer, length, name);

                length += read;
                if (length == buffer.Length)
                {
                    RequireShort(2L * length, name);
                    var larger = pool.Rent(2 * length);
                    buffer.CopyTo(larger, 0);
                    pool.Return(buffer);
                    buffer = larger;
                }
            }
        }
        catch
        {
            pool.Return(buffer);
            throw;
        }
    }

    private static void RequireShort(long bytes, string name)
    {
        if (bytes > Array.MaxLength)
            throw new AlexNetException($"The {name} is longer than {Array.MaxLength} bytes, the most that are read.");
    }
}
