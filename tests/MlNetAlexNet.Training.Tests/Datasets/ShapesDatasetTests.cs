using System.Text.Json.Nodes;
using MlNetAlexNet.Training.Datasets;
using SkiaSharp;

namespace MlNetAlexNet.Training.Tests.Datasets;

[TestClass]
public sealed class ShapesDatasetTests
{
    private static readonly (string, int)[] Few = [("train", 2), ("test", 1)];

    private readonly string _folder = Directory.CreateTempSubdirectory("ShapesDatasetTests-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void EnsureDrawn_IntoAnEmptyFolder_DrawsEveryClassOfEverySplit()
    {
        ShapesDataset.EnsureDrawn(_folder, Few, CancellationToken.None);

        CollectionAssert.AreEquivalent(
            ShapesDataset.Classes.SelectMany(name => new[]
            {
                $"train/{name}/0001.jpg", $"train/{name}/0002.jpg", $"test/{name}/0001.jpg",
            }).ToList(),
            Contents().Keys.ToList());
        foreach (var file in Contents().Keys)
        {
            using var picture = SKBitmap.Decode(Path.Combine(_folder, file));
            Assert.AreEqual((256, 256), (picture.Width, picture.Height), file);
        }
    }

    [TestMethod]
    public void EnsureDrawn_Twice_GivesTheSameBytesAndNoTwoPicturesAlike()
    {
        ShapesDataset.EnsureDrawn(_folder, Few, CancellationToken.None);
        var first = Contents();
        Directory.Delete(Path.Combine(_folder, "train"), recursive: true);
        ShapesDataset.EnsureDrawn(_folder, Few, CancellationToken.None);

        CollectionAssert.AreEquivalent(first.ToList(), Contents().ToList());
        Assert.HasCount(first.Count, first.Values.Distinct());
    }

    [TestMethod]
    public void EnsureDrawn_OverAWholeSet_DrawsNothing()
    {
        ShapesDataset.EnsureDrawn(_folder, Few, CancellationToken.None);
        var mark = Path.Combine(_folder, "train", "disc", "0001.jpg");
        File.WriteAllText(mark, "mark");
        ShapesDataset.EnsureDrawn(_folder, Few, CancellationToken.None);

        Assert.AreEqual("mark", File.ReadAllText(mark));
    }

    [TestMethod]
    public void EnsureDrawn_OverAWholeSetAndAPictureMore_DrawsNothing()
    {
        ShapesDataset.EnsureDrawn(_folder, Few, CancellationToken.None);
        File.WriteAllText(Path.Combine(_folder, "train", "disc", "0001.jpg"), "mark");
        File.WriteAllText(Path.Combine(_folder, "train", "disc", "mine.jpg"), "mine");
        var before = Contents();
        ShapesDataset.EnsureDrawn(_folder, Few, CancellationToken.None);

        CollectionAssert.AreEquivalent(before.ToList(), Contents().ToList());
    }

    [TestMethod]
    public void EnsureDrawn_PicturesAreMissing_DrawsTheirSplitAgainAndLeavesOtherFiles()
    {
        File.WriteAllText(Path.Combine(_folder, "dataset.json"), "{}");
        ShapesDataset.EnsureDrawn(_folder, Few, CancellationToken.None);
        File.WriteAllText(Path.Combine(_folder, "train", "disc", "mine.jpg"), "mine");
        var whole = Contents();
        File.Delete(Path.Combine(_folder, "train", "ring", "0002.jpg"));
        Directory.Delete(Path.Combine(_folder, "train", "star"), recursive: true);
        ShapesDataset.EnsureDrawn(_folder, Few, CancellationToken.None);

        CollectionAssert.AreEquivalent(whole.ToList(), Contents().ToList());
        CollectionAssert.IsSubsetOf((string[])["dataset.json", "train/disc/mine.jpg"], whole.Keys.ToList());
        Assert.HasCount(3, Directory.EnumerateFileSystemEntries(_folder), "nothing half drawn is left");
    }

    [TestMethod]
    public void EnsureDrawn_Cancelled_LeavesNothing()
    {
        Assert.ThrowsExactly<OperationCanceledException>(
            () => ShapesDataset.EnsureDrawn(_folder, Few, new CancellationToken(canceled: true)));

        Assert.IsEmpty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [TestMethod]
    public void DatasetJson_SaysWhatIsDrawn()
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "datasets/shapes/dataset.json")))!;

        CollectionAssert.AreEqual(
            ShapesDataset.Classes.ToList(), json["classes"]!.AsArray().Select(name => (string)name!).ToList());
        CollectionAssert.AreEqual(
            ShapesDataset.Splits.ToList(),
            json["picturesPerClass"]!.AsObject().Select(split => (split.Key, (int)split.Value!)).ToList());
    }

    private Dictionary<string, string> Contents() => Directory
        .EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
        .ToDictionary(
            file => Path.GetRelativePath(_folder, file).Replace('\\', '/'),
            file => Convert.ToBase64String(File.ReadAllBytes(file)));
}
