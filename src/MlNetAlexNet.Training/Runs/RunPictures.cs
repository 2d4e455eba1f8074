using MlNetAlexNet.Images;

namespace MlNetAlexNet.Training.Runs;

/// <summary>The pictures of a run by part, of which every one can be decoded.</summary>
internal sealed record RunPictures(ImageFolder Folder, IReadOnlyList<string> LeftOut)
{
    public static RunPictures Open(RunOptions options, CancellationToken cancellationToken)
    {
        var folder = ImageFolder.Open(options.Data, options.Split);
        var (good, leftOut) = DecodablePictures.Of(
            [.. folder.Train, .. folder.Validation, .. folder.Test], options.SkipBadImages, cancellationToken);
        var kept = good.ToHashSet();
        var pictures = folder with
        {
            Train = [.. folder.Train.Where(kept.Contains)],
            Validation = [.. folder.Validation.Where(kept.Contains)],
            Test = [.. folder.Test.Where(kept.Contains)],
        };

        if (pictures.Classes.Except(pictures.Train.Select(picture => picture.Label)).FirstOrDefault() is { } empty)
        {
            throw new AlexNetException(
                $"Class '{empty}' has no training picture that can be decoded. Add some or remove its folder.");
        }

        return new RunPictures(pictures, leftOut);
    }
}
