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
    /// <param name="paths">The files.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="read">Called for each, from any thread. Default: nobody is.</param>
    /// <exception cref="AlexNetException">One cannot be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static PictureFingerprint[] Read(IEnumerable<string> paths, CancellationToken cancellationToken, Action? read = null) =>
        ParallelFaults.Unwrap(() => paths.AsParallel().AsOrdered().WithCancellation(cancellationToken).Select(path =>
        {
            var fingerprint = Read(path);
            read?.Invoke();
            return fingerprint;
        }).ToArray());
}
