using MlNetAlexNet.Models;

namespace MlNetAlexNet.Images;

/// <summary>Reads files for their fingerprints.</summary>
internal static class FingerprintedPictures
{
    /// <summary>Of a file.</summary>
    /// <exception cref="AlexNetException">It cannot be read.</exception>
    public static PictureFingerprint Read(string path)
    {
        try
        {
            using var file = PictureFile.Open(path);
            return PictureFingerprint.Compute(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException($"The picture '{path}' cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Of many files, over all processor cores, in their order.</summary>
    /// <exception cref="AlexNetException">One cannot be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static PictureFingerprint[] Read(IEnumerable<string> paths, CancellationToken cancellationToken) =>
        ParallelFaults.Unwrap(() => paths.AsParallel().AsOrdered().WithCancellation(cancellationToken).Select(Read).ToArray());
}
