namespace MlNetAlexNet.Images;

/// <summary>Finds the pictures that cannot be decoded before any work is done on the others.</summary>
public static class DecodablePictures
{
    /// <summary>What to do about them in a command that can leave them out.</summary>
    internal const string SkipAdvice = "Repair or remove them, or pass --skip-bad-images to leave them out.";

    /// <summary>Decodes every picture once and accepts none that cannot be.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="AlexNetException">Some cannot be decoded; all are listed.</exception>
    public static void Require(IReadOnlyList<LabeledImage> pictures, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        RequireNone(
            ImageDecoder.FindBad(pictures.Select(picture => picture.ImagePath), cancellationToken),
            "Repair or remove them.");
    }

    /// <summary>Refuses pictures that cannot be decoded, all in one error.</summary>
    internal static void RequireNone(IReadOnlyList<BadImage> bad, string advice)
    {
        if (bad.Count == 0)
            return;

        var count = bad.Count == 1 ? "1 picture" : $"{bad.Count} pictures";
        throw new AlexNetException(
            $"{count} cannot be decoded:\n{string.Join('\n', bad.Select(picture => $"  {picture.Reason}"))}\n{advice}");
    }
}
