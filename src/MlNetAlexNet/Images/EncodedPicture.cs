using System.Runtime.InteropServices;

namespace MlNetAlexNet.Images;

/// <summary>The bytes of a picture's file, what an error calls it, and what bounds its decoding.</summary>
/// <remarks>They are outside the garbage collector's memory, which would keep large ones for a while.</remarks>
internal readonly unsafe ref struct EncodedPicture
{
    private const int SmallestBlock = 1 << 16;

    private readonly byte* _block;
    private readonly IDisposable? _budget;

    /// <param name="bytes">The file's bytes.</param>
    /// <param name="name">What an error calls the picture, after "The".</param>
    /// <param name="bounds">What ends or refuses its decoding.</param>
    /// <exception cref="AlexNetException">They are too many.</exception>
    public EncodedPicture(ReadOnlySpan<byte> bytes, string name, DecodeBounds bounds)
    {
        PictureLimits.RequireLength(bytes.Length, name, bounds);
        Bytes = bytes;
        (Name, Bounds) = (name, bounds);
    }

    private EncodedPicture(byte* block, int length, IDisposable budget, string name, DecodeBounds bounds)
    {
        Bytes = new ReadOnlySpan<byte>(block, length);
        (Name, Bounds, _budget) = (name, bounds, budget);
        _block = block;
    }

    /// <summary>The file's bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>What an error calls the picture, after "The".</summary>
    public string Name { get; }

    /// <summary>What ends or refuses its decoding.</summary>
    public DecodeBounds Bounds { get; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="AlexNetException">It is missing, locked, a folder or too long.</exception>
    public static EncodedPicture Read(string path, DecodeBounds bounds)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using var file = PictureFile.Open(path);
            return Read(file, $"picture '{path}'", bounds);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw RawNames.FindFault(path) ?? new AlexNetException($"The picture '{path}' does not exist.", fault) { PictureFault = PictureFault.Unreadable };
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
    public static EncodedPicture Read(Stream stream, DecodeBounds bounds)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(stream, PixelDecoder.InStream, bounds);
    }

    /// <summary>Lets go of the memory.</summary>
    public void Dispose()
    {
        NativeMemory.Free(_block);
        _budget?.Dispose();
    }

    private static EncodedPicture Read(Stream stream, string name, DecodeBounds bounds)
    {
        var expected = stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : 0;
        PictureLimits.RequireLength(expected, name, bounds);
        var budget = DecodingMemory.Files.Take(expected, bounds.Cancel);
        byte* block = null;
        try
        {
            // One byte more than expected: the end is seen without a larger block.
            var size = (int)Math.Max(expected + 1, SmallestBlock);
            block = Resize(block, size, name);
            for (var length = 0; ;)
            {
                var read = stream.Read(new Span<byte>(block + length, size - length));
                if (read == 0)
                    return new EncodedPicture(block, length, budget, name, bounds);

                length += read;
                PictureLimits.RequireLength(length, name, bounds);
                if (length == size)
                {
                    size = (int)Math.Min(2L * size, Array.MaxLength);
                    block = Resize(block, size, name);
                }
            }
        }
        catch
        {
            NativeMemory.Free(block);
            budget.Dispose();
            throw;
        }
    }

    private static byte* Resize(byte* block, int size, string name)
    {
        try
        {
            return (byte*)NativeMemory.Realloc(block, (nuint)size);
        }
        catch (OutOfMemoryException fault)
        {
            throw new AlexNetException($"There is not enough memory for the {size} bytes of the {name}.", fault);
        }
    }
}
