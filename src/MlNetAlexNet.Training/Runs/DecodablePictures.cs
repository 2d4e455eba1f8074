using MlNetAlexNet.Images;

namespace MlNetAlexNet.Training.Runs;

/// <summary>Finds the pictures that cannot be decoded before any work is done on the others.</summary>
public static class DecodablePictures
{
    /// <summary>Decodes every picture once.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="skipBadImages">Whether those that cannot be decoded are left out.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>The pictures that can be decoded, and the paths of those that cannot.</returns>
    /// <exception cref="AlexNetException">Some cannot be decoded and may not be left out; all are listed.</exception>
    public static (IReadOnlyList<LabeledImage> Good, IReadOnlyList<string> LeftOut) Of(
        IReadOnlyList<LabeledImage> pictures, bool skipBadImages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var bad = ImageDecoder.FindBad(pictures.Select(picture => picture.ImagePath), cancellationToken);
        RequireNone(bad, skipBadImages);
        var paths = bad.Select(picture => picture.Path).ToHashSet();
        var good = pictures.Where(picture => !paths.Contains(picture.ImagePath));
        return ([.. good], [.. paths.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Decodes every picture once and accepts none that cannot be.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="AlexNetException">Some cannot be decoded; all are listed.</exception>
    public static void Require(IReadOnlyList<LabeledImage> pictures, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var bad = ImageDecoder.FindBad(pictures.Select(picture => picture.ImagePath), cancellationToken);
        if (bad.Count > 0)
            throw Refusal(bad, "Repair or remove them.");
    }

    /// <exception cref="AlexNetException">There are some, and they may not be left out; all are listed.</exception>
    internal static void RequireNone(IReadOnlyList<BadImage> bad, bool skipBadImages)
    {
        if (bad.Count > 0 && !skipBadImages)
            throw Refusal(bad, "Repair or remove them, or pass --skip-bad-images to leave them out.");
    }

    private static AlexNetException Refusal(IReadOnlyList<BadImage> bad, string advice)
    {
        var count = bad.Count == 1 ? "1 picture" : $"{bad.Count} pictures";
        return new($"{count} cannot be decoded:\n{string.Join('\n', bad.Select(picture => $"  {picture.Reason}"))}\n{advice}");
    }
}
