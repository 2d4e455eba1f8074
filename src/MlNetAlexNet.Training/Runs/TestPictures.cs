using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Runs;

/// <summary>What a model is tested with, of the folder or the table that it may have been trained on.</summary>
/// <param name="Folder">Its <see cref="ImageFolder.Test"/>.</param>
/// <param name="IsDrawn">Whether it is the part of the pictures that training draws for its test, and not a test of their own or all of them.</param>
public sealed record TestPictures(ImageFolder Folder, bool IsDrawn)
{
    /// <summary>
    /// Opens the test of a folder with splits, else what training would draw for it: with the split of the <c>options.json</c> beside the
    /// model, or the default. All of a folder without splits where the model has learnt from none of its pictures, or from some of
    /// those that would be drawn.
    /// </summary>
    /// <param name="model">The file of the model.</param>
    /// <param name="trainedOn">The pictures that it was trained on.</param>
    /// <param name="path">The folder, or the table.</param>
    /// <param name="columns">Of a table. Default: those of the options where they are of this table, else found by the usual names.</param>
    /// <param name="cancellationToken">Ends the reading of the pictures.</param>
    /// <exception cref="AlexNetException">As <see cref="ImageFolder.OpenTest"/> and, where some have to be drawn, <see cref="ImageFolder.Open"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static TestPictures Open(
        string model, PictureFingerprints trainedOn, string path, TableColumns? columns = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(trainedOn);
        ArgumentNullException.ThrowIfNull(path);
        var run = FindRun(model, path);
        run = run with { Columns = columns ?? run.Columns };
        var parts = LabeledParts.ListParts(path, run.Columns);
        if (parts.Contains(""))
            return OfWhole(run, trainedOn, cancellationToken);

        return parts.Contains(PartNames.Test) || !parts.Contains(PartNames.Train) || run.Split.TestFraction == 0
            ? new TestPictures(ImageFolder.OpenTest(path, run.Columns), IsDrawn: false)
            : Draw(run, cancellationToken);
    }

    private static TestPictures OfWhole(RunOptions run, PictureFingerprints trainedOn, CancellationToken cancellationToken)
    {
        var whole = new TestPictures(ImageFolder.OpenTest(run.Data, run.Columns), IsDrawn: false);
        if (trainedOn.Count == 0 || run.Split.TestFraction == 0)
            return whole;

        var seen = whole.Folder.Test.Zip(PictureContents.Read(whole.Folder.Test, cancellationToken))
            .Where(picture => trainedOn.Contains(picture.Second)).Select(picture => picture.First.ImagePath).ToHashSet(StringComparer.Ordinal);
        return seen.Count > 0 && TryDraw(run, cancellationToken) is { } drawn && !drawn.Folder.Test.Any(picture => seen.Contains(picture.ImagePath))
            ? drawn
            : whole;
    }

    // A folder of one class, or of few pictures, is none that was split.
    private static TestPictures? TryDraw(RunOptions run, CancellationToken cancellationToken)
    {
        try
        {
            return Draw(run, cancellationToken);
        }
        catch (AlexNetException)
        {
            return null;
        }
    }

    private static TestPictures Draw(RunOptions run, CancellationToken cancellationToken)
    {
        var found = run.OpenData(cancellationToken);
        return new TestPictures(found with { Train = [], Validation = [] }, IsDrawn: true);
    }

    // A split is of what is in the files, wherever they are; the rest is of one folder. Options that cannot be read are another program's.
    private static RunOptions FindRun(string model, string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(model))!;
        try
        {
            var run = OptionsFile.Read(new RunFolder(folder).Options) with { Output = folder };
            return IsSame(run.Data, path) ? run with { Data = path } : new RunOptions { Data = path, Split = run.Split, Output = folder };
        }
        catch (AlexNetException)
        {
            return new RunOptions { Data = path };
        }
    }

    private static bool IsSame(string path, string other) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(other));
}
