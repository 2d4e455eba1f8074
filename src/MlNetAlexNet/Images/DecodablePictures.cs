namespace MlNetAlexNet.Images;

/// <summary>Finds the pictures that cannot be decoded before any work is done on the others.</summary>
public static class DecodablePictures
{
    /// <summary>Decodes every picture once and accepts none that cannot be.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="AlexNetException">Some cannot be decoded; all are listed.</exception>
    public static void Require(IReadOnlyList<LabeledImage> pictures, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        RequireNone(ImageDecoder.FindBad(pictures.Select(picture => picture.ImagePath), cancellationToken));
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
}
