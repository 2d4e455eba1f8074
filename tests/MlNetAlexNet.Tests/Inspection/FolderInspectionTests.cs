using MlNetAlexNet.Images;
using MlNetAlexNet.Inspection;
using MlNetAlexNet.Tests.Images;

namespace MlNetAlexNet.Tests.Inspection;

[TestClass]
public sealed class FolderInspectionTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void Inspect_FaultsOfEveryKind_FindsAllOfThemAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        var seed = 0;
        foreach (var part in (string[])["train/cat", "train/dog", "validation/cat", "validation/dog", "test/cat", "test/dog"])
        {
            for (var i = 0; i < 4; i++)
                folder.Write($"{part}/{i}.jpg", Photograph(seed++));
        }

        var faults = new PlantedFaults(folder.Path);
        faults.Plant("cat", "dog", [.. Enumerable.Range(1000, 20).Select(Photograph)]);

        AssertFinds(faults, FolderInspection.Inspect(folder.Path, cancellationToken: TestContext.CancellationToken));
    }

    // ../shared/datasets/clothing: 300 of its pictures, and 20 others for the faults.
    [TestMethod]
    public void Inspect_ClothingWithFaultsOfEveryKind_FindsAllOfThemAndNothingElse()
    {
        var clothing = ImageFolder.Open(Datasets.Clothing);
        using var folder = new TemporaryFolder();
        LabeledImage[] copied =
            [.. Evenly(clothing.Train, 240), .. Evenly(clothing.Validation, 30), .. Evenly(clothing.Test, 30)];
        foreach (var picture in copied)
            folder.Write(Path.GetRelativePath(clothing.Path, picture.ImagePath), File.ReadAllBytes(picture.ImagePath));
        var missing = new InspectionResult(folder.Path, 0, [], FolderInspection.Inspect(folder.Path).Findings, []);
        Assert.HasCount(300, copied);
        Assert.HasCount(0, missing.Findings, string.Join('\n', missing.Findings.Select(PlantedFaults.Describe)));

        var faults = new PlantedFaults(folder.Path);
        var others = clothing.Train.Where(picture => picture.Label == "t-shirt").Except(copied).ToList();
        faults.Plant("t-shirt", "pants", [.. Evenly(others, 20).Select(picture => File.ReadAllBytes(picture.ImagePath))]);

        AssertFinds(faults, FolderInspection.Inspect(folder.Path, cancellationToken: TestContext.CancellationToken));
    }

    private void AssertFinds(PlantedFaults faults, InspectionResult result)
    {
        var found = result.Findings.Select(PlantedFaults.Describe).Order(StringComparer.Ordinal).ToList();
        TestContext.WriteLine($"{result.Pictures} pictures, {found.Count} findings");
        Assert.AreEqual(string.Join('\n', faults.Expected), string.Join('\n', found));
        Assert.IsTrue(result.HasErrors);
        foreach (var finding in result.Findings.Where(finding => finding.Kind < FindingKind.LabelConflict))
            Assert.Contains(Path.GetFileName(finding.Paths[0]), finding.Detail);
    }

    private static IEnumerable<T> Evenly<T>(IReadOnlyList<T> all, int count) =>
        Enumerable.Range(0, count).Select(i => all[i * all.Count / count]);

    private static byte[] Photograph(int seed) => Pictures.Photograph(160, 120, seed);
}
