using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MlNetAlexNet.Images;
using MlNetAlexNet.Inspection;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Data;

namespace MlNetAlexNet.Training.Runs;

/// <summary>The pictures of a run by part, of which every one can be decoded and is.</summary>
/// <param name="Folder">The pictures by part.</param>
/// <param name="LeftOut">Those that cannot be decoded.</param>
/// <param name="Train">Decoded, to train on.</param>
/// <param name="Validation">Decoded, to validate with.</param>
/// <param name="Unlabelled">How many of those to train on have no label.</param>
/// <param name="TrainedOn">Fingerprints of those to train on.</param>
/// <param name="ChosenBy">Of those to validate with.</param>
/// <param name="Fingerprints">
/// Of those of each part and class how many there are, and a hash of their paths and pixels; and one of all in their order, which
/// is what is random about each.
/// </param>
/// <param name="Transparent">How many have transparent parts.</param>
/// <param name="Doubts">What is found in them that would spoil the figures.</param>
internal sealed record RunPictures(
    ImageFolder Folder,
    IReadOnlyList<BadImage> LeftOut,
    PixelRows Train,
    PixelRows Validation,
    int Unlabelled,
    PictureFingerprints TrainedOn,
    PictureFingerprints ChosenBy,
    IReadOnlyDictionary<string, string> Fingerprints,
    int Transparent,
    IReadOnlyList<Finding> Doubts) : IDisposable
{
    /// <param name="folder">The pictures with labels.</param>
    /// <param name="unlabelled">
    /// Those without, to train on as well. What looks as one of the others, wherever it lies, is left out: a test of what was
    /// trained on would be none.
    /// </param>
    /// <param name="form">The squares they become.</param>
    /// <param name="options">Of the run.</param>
    /// <param name="observation">Of the run.</param>
    public static RunPictures Open(
        ImageFolder folder, IReadOnlyList<string> unlabelled, PictureForm form, RunOptions options, TrainingObservation observation)
    {
        LabeledImage[] labelled = [.. folder.Train, .. folder.Validation, .. folder.Test];
        var more = unlabelled.Except(labelled.Select(picture => picture.ImagePath)).Select(path => new LabeledImage { ImagePath = path });

        // In one order whatever the split, so that another seed finds them in the cache; those of the test are checked.
        var all = labelled.Concat(more)
            .OrderBy(picture => picture.ImagePath, StringComparer.Ordinal).ToList();
        var cache = options.PixelCache is { } path
            ? new PixelCacheFolder(Path.GetFullPath(path), PixelCache.DefaultLimit, observation.Clock)
            : null;
        var decoded = PixelCache.Open(
            [.. all.Select(picture => picture.ImagePath)], form, new DecodeBounds(options.MaximumPixels, observation.CancellationToken), cache,
            reason => observation.Progress?.Report(new ReadingFailed("The decoded pictures", reason)), observation.Progress);
        try
        {
            return Assemble(folder, all, decoded, options, observation);
        }
        catch
        {
            decoded.Pixels.Dispose();
            throw;
        }
    }

    public void Dispose() => Train.Set.Dispose();

    private static RunPictures Assemble(
        ImageFolder folder, List<LabeledImage> all, DecodedPictures decoded, RunOptions options, TrainingObservation observation)
    {
        var cancel = observation.CancellationToken;
        var (pixels, bad, hashes, looks, transparent) = decoded;
        if (!options.SkipBadImages)
            DecodablePictures.RequireNone(bad, skip: nameof(RunOptions.SkipBadImages));

        var leftOut = bad.Select(picture => picture.Path).ToHashSet();
        var pictures = folder with
        {
            Train = Kept(folder.Train),
            Validation = Kept(folder.Validation),
            Test = Kept(folder.Test),
        };
        if (folder.Train.Select(picture => picture.Label).Except(pictures.Train.Select(picture => picture.Label)).FirstOrDefault() is { } empty)
        {
            throw new AlexNetException(
                $"Class '{empty}' has no training picture that can be decoded. Add some or remove its folder.");
        }

        var classes = folder.Classes.Select((name, number) => (name, number)).ToDictionary(pair => pair.name, pair => pair.number);
        var rows = all.Select((picture, row) => (picture.ImagePath, row)).ToDictionary(pair => pair.ImagePath, pair => pair.row);
        var set = new PixelSet(pixels, [.. all.Select(picture => IsLabelled(picture) ? classes[picture.Label] : -1)]);
        var known = all.Where(IsLabelled).Select(picture => hashes[rows[picture.ImagePath]]).ToHashSet();
        var more = Kept([.. all.Where(picture => !IsLabelled(picture) && !known.Contains(hashes[rows[picture.ImagePath]]))]);
        if (more.Count == 0 && options.Unlabelled is { } unlabelled)
            throw new AlexNetException($"All pictures of '{unlabelled}' are among those with labels. Name a folder with others, or leave it out.");

        var read = new ReadPictures(
            observation.Progress, PictureStage.Fingerprinting, pictures.Train.Count + more.Count + pictures.Validation.Count);
        return new RunPictures(
            pictures,
            [.. bad.OrderBy(picture => picture.Path, StringComparer.Ordinal)],
            Rows([.. pictures.Train, .. more]),
            Rows(pictures.Validation),
            more.Count,
            Read(pictures.Train.Concat(more)),
            Read(pictures.Validation),
            new Dictionary<string, string>(
            [
                .. Fingerprints("train", pictures.Train), .. Fingerprints("validation", pictures.Validation),
                .. Fingerprints("test", pictures.Test), .. Fingerprints("unlabelled", more),
                KeyValuePair.Create("all pictures", Fingerprint(all)),
            ]),
            pictures.Train.Concat(pictures.Validation).Concat(pictures.Test).Concat(more).Count(picture => transparent[rows[picture.ImagePath]]),
            PictureDoubts.List(pictures, picture => rows[picture.ImagePath], hashes, looks, cancel));

        IEnumerable<KeyValuePair<string, string>> Fingerprints(string part, IReadOnlyList<LabeledImage> of) =>
            of.GroupBy(picture => picture.Label).Select(group => KeyValuePair.Create(
                IsLabelled(group.First()) ? $"pictures of {part}/{group.Key}" : "pictures without a label",
                Fingerprint([.. group])));

        PictureFingerprints Read(IEnumerable<LabeledImage> of) =>
            PictureFingerprints.Collect(FingerprintedPictures.Read(of.Select(picture => picture.ImagePath), cancel, read.Add));

        string Fingerprint(IReadOnlyList<LabeledImage> of)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var picture in of)
            {
                var name = Path.GetRelativePath(IsLabelled(picture) ? folder.Path : options.Unlabelled ?? options.Data, picture.ImagePath);
                hash.AppendData(Encoding.UTF8.GetBytes(
                    string.Create(CultureInfo.InvariantCulture, $"{name.Length} {name} {hashes[rows[picture.ImagePath]]}\n")));
            }

            return string.Create(CultureInfo.InvariantCulture, $"{of.Count}, hash {Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}");
        }

        static bool IsLabelled(LabeledImage picture) => picture.Label != "";

        List<LabeledImage> Kept(IReadOnlyList<LabeledImage> part) =>
            [.. part.Where(picture => !leftOut.Contains(picture.ImagePath))];

        PixelRows Rows(IReadOnlyList<LabeledImage> part) => new(set, [.. part.Select(picture => rows[picture.ImagePath])]);
    }
}
