using Microsoft.Win32.SafeHandles;

namespace MlNetAlexNet.Training.Data;

/// <summary>
/// Decoded pictures one after the other in a file, each <see cref="ImageSize"/> x <see cref="ImageSize"/> x RGB bytes.
/// They are read, not mapped: the pages of a mapping count as resident memory, so that it would grow with the pictures,
/// and a mapped file that another process cuts short ends this one. Safe for many threads.
/// </summary>
/// <param name="file">Taken over.</param>
/// <param name="imageSize">Side of the pictures, in pixels.</param>
/// <param name="temporary">File to delete in the end; null to leave it.</param>
/// <param name="recover">
/// Makes a picture again that cannot be read, given why; where that is null, the fault is the caller's.
/// </param>
internal sealed class PixelFile(
    SafeFileHandle file, int imageSize, string? temporary = null, PixelFile.Recovery? recover = null) : IDisposable
{
    /// <param name="index">The picture.</param>
    /// <param name="pixels">Receives it: rows of interleaved RGB.</param>
    /// <param name="fault">Why it cannot be read.</param>
    public delegate void Recovery(int index, Span<byte> pixels, IOException fault);

    public int ImageSize => imageSize;

    /// <summary>Bytes of one picture.</summary>
    public int PictureBytes => BytesOf(imageSize);

    public SafeFileHandle Handle => file;

    public static int BytesOf(int imageSize) => imageSize * imageSize * 3;

    /// <summary>Reads a picture: rows of interleaved RGB.</summary>
    /// <exception cref="AlexNetException">The file cannot be read to its end, nor the picture made again.</exception>
    public void Read(int index, Span<byte> picture)
    {
        try
        {
            var offset = (long)index * PictureBytes;
            for (var rest = picture; rest.Length > 0;)
            {
                var read = RandomAccess.Read(file, rest, offset);
                if (read == 0)
                {
                    throw new EndOfStreamException("The file ends early.");
                }

                rest = rest[read..];
                offset += read;
            }
        }
        catch (IOException fault) when (recover is not null)
        {
            recover(index, picture, fault);
        }
        catch (IOException fault)
        {
            throw new AlexNetException(
                $"The file of decoded pictures cannot be read any more: {fault.Message} Start the training again.", fault);
        }
    }

    public void Dispose()
    {
        file.Dispose();
        if (temporary is not null)
        {
            File.Delete(temporary);
        }
    }
}
