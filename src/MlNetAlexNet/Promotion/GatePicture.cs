using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Promotion;

/// <summary>A picture of today's folder.</summary>
/// <param name="Path">Full path of it.</param>
/// <param name="Name">Its path from the folder on, with <c>/</c> between names.</param>
/// <param name="Label">Its class, in Unicode's composed form (NFC).</param>
/// <param name="Part"><c>train</c>, <c>validation</c> or <c>test</c>.</param>
/// <param name="Fingerprint">Of its bytes.</param>
public sealed record GatePicture(string Path, string Name, string Label, string Part, PictureFingerprint Fingerprint)
{
    /// <summary>Reads every picture of a folder for its fingerprint, over all processor cores.</summary>
    /// <param name="folder">The pictures by part.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Those to train on, to validate with, to test with.</returns>
    /// <exception cref="AlexNetException">One cannot be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static IReadOnlyList<GatePicture> Read(ImageFolder folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return
        [
            .. Read(PartNames.Train, folder.Train), .. Read(PartNames.Validation, folder.Validation), .. Read(PartNames.Test, folder.Test),
        ];

        IEnumerable<GatePicture> Read(string part, IReadOnlyList<LabeledImage> pictures) => pictures
            .Zip(FingerprintedPictures.Read(pictures.Select(picture => picture.ImagePath), cancellationToken))
            .Select(pair => new GatePicture(
                pair.First.ImagePath,
                ImageFolder.NameIn(folder.Path, pair.First.ImagePath),
                CanonicalForms.Compose(pair.First.Label),
                part,
                pair.Second));
    }
}
