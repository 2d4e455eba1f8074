using System.Text;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Images;

/// <summary>What pictures are told by where they are drawn: their bytes, whatever they are called and wherever they lie.</summary>
internal static class PictureContents
{
    /// <summary>Of each picture, over all processor cores.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static PictureFingerprint[] Read(IReadOnlyList<LabeledImage> pictures, CancellationToken cancellationToken) =>
        ParallelFaults.Unwrap(() => pictures.AsParallel().AsOrdered().WithCancellation(cancellationToken).Select(Read).ToArray());

    // One that is empty or cannot be read goes by its name: what decodes it will name it.
    private static PictureFingerprint Read(LabeledImage picture)
    {
        try
        {
            return FingerprintedPictures.Read(picture.ImagePath);
        }
        catch (AlexNetException)
        {
            // As one without content.
        }

        return PictureFingerprint.Compute(Encoding.UTF8.GetBytes($"{picture.Label}/{Path.GetFileName(picture.ImagePath)}"));
    }
}
