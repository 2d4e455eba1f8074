using System.Collections.Concurrent;
using MlNetAlexNet.Images;

namespace MlNetAlexNet.Inspection;

/// <summary>Looks through a folder of pictures for what would end a training or spoil its figures, before there is one.</summary>
public static class FolderInspection
{
    /// <summary>
    /// Reads and decodes every picture once, over all processor cores, and finds those that cannot be, those that are not what they
    /// seem, and copies within a class, across classes and across parts. It goes on where training would refuse the folder.
    /// Memory: less than a kilobyte a picture, its path included, and a decoded picture a core.
    /// </summary>
    /// <param name="folder">
    /// A folder a class, or <c>train</c>, <c>validation</c> and <c>test</c> of that kind, or a table, as <see cref="ImageFolder.Open"/> takes it.
    /// </param>
    /// <param name="options">How. Default: all pictures, near copies too.</param>
    /// <param name="progress">Receives a report for every picture, one after the other.</param>
    /// <param name="cancellationToken">Ends the inspection.</param>
    /// <exception cref="AlexNetException">
    /// The folder is missing, not a folder, has no class folders, can be understood in two ways or cannot be read, or the options are wrong.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static InspectionResult Inspect(
        string folder,
        InspectionOptions? options = null,
        IProgress<InspectionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        options ??= new InspectionOptions();
        OptionFaults.RequireNone(options.ListFaults());
        var listing = FolderListing.Read(folder, options.Only, options.Columns);
        var pictures = listing.Pictures;
        var (prints, ofPictures) = ReadAll(listing, options.MaximumPixels, progress, cancellationToken);
        var copies = LikePictures.Find(prints, options.NearSigns, cancellationToken);
        var parts = Count(listing, prints);
        var surplus = copies.SelectMany(like => CopyFindings.ListSurplus(like, pictures, prints)).ToHashSet();
        return new InspectionResult(
            listing.Root,
            pictures.Count,
            parts,
            [
                .. ofPictures.Concat(copies.Select(like => CopyFindings.Describe(like, pictures)))
                    .Concat(ClassFindings.List(parts)).Concat(NameFindings.List(listing))
                    .OrderBy(finding => finding.Kind).ThenBy(finding => finding.Paths[0], StringComparer.Ordinal),
            ],
            [
                .. Enumerable.Range(0, pictures.Count).Where(row => prints.IsDecoded(row) && !surplus.Contains(row))
                    .Select(row => pictures[row].Path).Order(StringComparer.Ordinal),
            ]);
    }

    private static (PicturePrints Prints, IEnumerable<Finding> Findings) ReadAll(
        FolderListing listing, long maximumPixels, IProgress<InspectionProgress>? progress, CancellationToken cancellationToken)
    {
        var prints = new PicturePrints(listing.Pictures.Count);
        var findings = new ConcurrentQueue<Finding>();
        var bounds = new DecodeBounds(maximumPixels, cancellationToken);
        var (gate, done) = (new Lock(), 0);
        ParallelFaults.Unwrap(() => Parallel.For(
            0,
            listing.Pictures.Count,
            new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount },
            row =>
            {
                var name = listing.Pictures[row].Path;
                foreach (var finding in PictureReading.Read(Path.Combine(listing.Root, name), name, bounds, prints, row))
                    findings.Enqueue(finding);

                lock (gate)
                    progress?.Report(new InspectionProgress(++done, listing.Pictures.Count));
            }));
        return (prints, findings);
    }

    private static List<PartCount> Count(FolderListing listing, PicturePrints prints)
    {
        var counts = listing.Pictures.Where((_, row) => prints.IsDecoded(row)).CountBy(picture => (picture.Part, picture.Label)).ToDictionary();
        return
        [
            .. listing.Parts.Select((part, number) => new PartCount(
                part,
                [.. listing.Classes.Select(name => new ClassCount(name, counts.GetValueOrDefault((number, name))))])),
        ];
    }
}
