using System.Buffers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Images;

/// <summary>Finds the pictures that <see cref="PixelDecoder"/> refuses before any work is done on the others.</summary>
public static class DecodablePictures
{
    /// <summary>Decodes every picture once and accepts none that cannot be.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="maximumPixels">As <see cref="PixelLimit"/>. Default 100 million.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="AlexNetException">Some cannot be decoded; all are listed.</exception>
    public static void Require(
        IReadOnlyList<LabeledImage> pictures,
        long maximumPixels = PixelLimit.Default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        RequireNone(FindBad(pictures.Select(picture => picture.ImagePath), maximumPixels, cancellationToken));
    }

    /// <summary>
    /// Decodes every picture, over all processor cores, and returns those that cannot be, in the order given. Holds one
    /// decoded picture a core at a time.
    /// </summary>
    /// <param name="paths">The files.</param>
    /// <param name="maximumPixels">As <see cref="PixelLimit"/>. Default 100 million.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static IReadOnlyList<BadImage> FindBad(
        IEnumerable<string> paths,
        long maximumPixels = PixelLimit.Default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var bounds = PixelDecoder.BoundsOf(maximumPixels) with { Cancel = cancellationToken };
        return ParallelFaults.Unwrap(() => paths
            .AsParallel().AsOrdered()
            .WithCancellation(cancellationToken)
            .Select(path => Check(path, PictureForm.Default, bounds, (_, _) => { }))
            .OfType<BadImage>().ToArray());
    }

    /// <summary>Refuses pictures that cannot be decoded, all in one error.</summary>
    /// <param name="bad">The pictures.</param>
    /// <param name="skip">The option that leaves them out; null where there is none.</param>
    internal static void RequireNone(IReadOnlyList<BadImage> bad, string? skip = null)
    {
        if (bad.Count == 0)
            return;

        var count = bad.Count == 1 ? "1 picture" : $"{bad.Count} pictures";
        var otherwise = skip is null ? "" : $", or set {skip} to leave them out";
        throw new AlexNetException(
            $"{count} cannot be decoded:\n{string.Join('\n', bad.Select(picture => $"  {picture.Reason}"))}\n"
            + $"Repair or remove them{otherwise}.")
        {
            Option = skip,
        };
    }

    /// <summary>Decodes a picture into a pooled buffer, and says what is wrong with one that cannot be.</summary>
    /// <param name="path">The file.</param>
    /// <param name="form">The square.</param>
    /// <param name="bounds">What ends or refuses it.</param>
    /// <param name="keep">
    /// Receives the square, side x side x 3 bytes, which is valid within the call, and whether the picture has transparent parts.
    /// </param>
    internal static BadImage? Check(string path, PictureForm form, DecodeBounds bounds, Action<ReadOnlySpan<byte>, bool> keep)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(form.Bytes);
        try
        {
            var pixels = buffer.AsSpan(0, form.Bytes);
            bool isTransparent;
            try
            {
                isTransparent = PixelDecoder.Decode(path, form, pixels, bounds);
            }
            catch (AlexNetException fault)
            {
                return new BadImage(path, fault.Message);
            }

            keep(pixels, isTransparent); // what goes wrong there is no fault of the picture
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
