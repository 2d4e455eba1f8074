using System.Runtime.CompilerServices;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Scoring;

/// <summary>One of many pictures that are scored together: where it is, and how its pixels are got.</summary>
/// <param name="Path">Its file; empty if it has none.</param>
/// <param name="HeldBytes">The memory that it takes until it is decoded, in bytes.</param>
/// <param name="Decode">Decodes it, once.</param>
internal sealed record BatchPicture(string Path, int HeldBytes, BatchPicture.Decoder Decode)
{
    /// <param name="form">The square to make.</param>
    /// <param name="pixels">Receives it.</param>
    /// <param name="bounds">What ends or refuses it.</param>
    /// <exception cref="AlexNetException">The picture cannot be decoded.</exception>
    /// <returns>Whether it has transparent parts.</returns>
    public delegate bool Decoder(PictureForm form, Span<byte> pixels, DecodeBounds bounds);

    /// <summary>Pictures in files, each opened when it is decoded.</summary>
    public static IAsyncEnumerable<BatchPicture> FromFiles(IEnumerable<string> paths) => paths
        .Select(path => new BatchPicture(
            path, HeldBytes: 0, (form, pixels, bounds) => PixelDecoder.Decode(path, form, pixels, bounds)))
        .ToAsyncEnumerable();

    /// <summary>Pictures whose files are in the caller's memory.</summary>
    public static IAsyncEnumerable<BatchPicture> FromBytes(IEnumerable<byte[]> encoded) => encoded
        .Select((bytes, index) =>
        {
            ArgumentNullException.ThrowIfNull(bytes);
            return new BatchPicture(
                "", HeldBytes: 0, (form, pixels, bounds) => PixelDecoder.Decode(bytes, NameOf(index), form, pixels, bounds));
        })
        .ToAsyncEnumerable();

    /// <summary>
    /// Pictures in streams. Each is read to its end before the next is asked for, so that who yields them may close one then,
    /// and streams that share a connection come one after the other.
    /// </summary>
    /// <param name="streams">They stay open.</param>
    /// <param name="bounds">What refuses one; what ends the reading is <paramref name="cancellationToken"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<BatchPicture> FromStreams(
        IEnumerable<Stream> streams,
        DecodeBounds bounds,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var (index, stream) in streams.Index())
        {
            ArgumentNullException.ThrowIfNull(stream);
            yield return await ReadAsync(stream, NameOf(index), bounds with { Cancel = cancellationToken }).ConfigureAwait(false);
        }
    }

    private static async Task<BatchPicture> ReadAsync(Stream stream, string name, DecodeBounds bounds)
    {
        try
        {
            var bytes = await StreamBytes.ReadAsync(stream, name, bounds).ConfigureAwait(false);
            return new BatchPicture("", bytes.Length, (form, pixels, bounds) =>
            {
                using (bytes)
                    return PixelDecoder.Decode(bytes.Span, name, form, pixels, bounds);
            });
        }
        catch (IOException fault) // of one stream; the others are scored
        {
            return Refused(new AlexNetException($"The {name} cannot be read: {fault.Message}", fault)
            {
                PictureFault = PictureFault.Unreadable,
            });
        }
        catch (AlexNetException fault)
        {
            return Refused(fault);
        }
    }

    private static BatchPicture Refused(AlexNetException fault) => new("", HeldBytes: 0, (_, _, _) => throw fault);

    private static string NameOf(int index) => FormattableString.Invariant($"picture at index {index}");
}
