using MlNetAlexNet.Models;

namespace MlNetAlexNet.Images;

/// <summary>Finds files that are the same, byte for byte.</summary>
internal static class PictureCopies
{
    /// <summary>
    /// Of each picture the row of the first of its class with the same bytes: its own where it is no copy. Only files of the
    /// same class and length are read. One that is empty or cannot be read is no copy; what decodes it will name it.
    /// </summary>
    public static int[] FindFirsts(IReadOnlyList<LabeledImage> pictures)
    {
        var firsts = Enumerable.Range(0, pictures.Count).ToArray();
        var alike = firsts.GroupBy(row => (pictures[row].Label, CountBytes(pictures[row].ImagePath)))
            .Where(group => group.Key.Item2 > 0 && group.Skip(1).Any())
            .SelectMany(group => group)
            .AsParallel().AsOrdered()
            .Select(row => (Row: row, Content: Read(pictures[row].ImagePath)))
            .Where(read => read.Content is not null)
            .ToList();
        foreach (var copies in alike.GroupBy(read => (pictures[read.Row].Label, read.Content)))
        {
            var first = copies.Min(read => read.Row);
            foreach (var (row, _) in copies)
                firsts[row] = first;
        }

        return firsts;
    }

    private static long CountBytes(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private static PictureFingerprint? Read(string path)
    {
        try
        {
            return FingerprintedPictures.Read(path);
        }
        catch (AlexNetException)
        {
            return null;
        }
    }
}
