using AngleSharp.Html.Parser;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Reports;
using MlNetAlexNet.Reports.Records;

namespace MlNetAlexNet.Tests.Reports;

[TestClass]
public sealed class RunComparisonTests
{
    // By hand: of eight pictures the second has six right that the first has not; 2 * (1/2)^6 = 1/32.
    [TestMethod]
    public void Write_TwoRuns_ComparesThePicturesThatBothHaveTested()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["a", "b"];
        var (first, second) = (RecordedRun.Write(folder, names, 4, "one", files: 0), RecordedRun.Write(folder, names, 4, "two", files: 0));
        Change(first, (picture, i) => i < 7 ? Wrong(picture) : Right(picture));
        Change(second, (picture, i) => i < 1 ? Wrong(picture) : Right(picture));
        var path = Path.Combine(folder.Path, "page.html");

        var comparison = RunComparison.Write(first, second, path);

        Assert.AreEqual(new PairedComparison(8, Same: 2, OnlyFirstRight: 0, OnlySecondRight: 6), comparison.Paired);
        Assert.AreEqual(1 / 32.0, comparison.Paired!.DifferencePValue, 1e-12);
        Assert.AreEqual((1, 7), (comparison.First!.Correct, comparison.Second!.Correct));
        var page = new HtmlParser().ParseDocument(File.ReadAllText(path));
        StringAssert.Contains(page.QuerySelector("header")!.TextContent, "two alone 6 right".Replace(" right", ""));
        StringAssert.Contains(page.QuerySelector("#pictures")!.TextContent, "Right in two alone: 6.");
        CollectionAssert.AreEqual(
            (string[])["training.device", "one", "two"], page.QuerySelectorAll("#options tbody td").Select(cell => cell.TextContent).ToArray());
    }

    // The folder of the pictures has another name on another machine.
    [TestMethod]
    public void Write_RunsOfOtherFolders_FindsPicturesByTheirNamesWithin()
    {
        using var folder = new TemporaryFolder();
        var (first, second) = (RecordedRun.Write(folder, ["a", "b"], 2, "one", files: 0), RecordedRun.Write(folder, ["a", "b"], 2, "two", files: 0));
        foreach (var file in (string[])["predictions.csv", "options.json"])
        {
            var path = Path.Combine(second, file);
            File.WriteAllText(path, File.ReadAllText(path).Replace("/data", "/elsewhere"));
        }

        var comparison = RunComparison.Write(first, second, Path.Combine(folder.Path, "page.html"));

        Assert.AreEqual(4, comparison.Paired!.Pictures);
        Assert.IsTrue(comparison.AreOfOtherFolders); // which is said, as they may be others
        StringAssert.Contains(File.ReadAllText(Path.Combine(folder.Path, "page.html")), "of two folders");
    }

    [TestMethod]
    public void Write_NoPicturesInCommon_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var (first, second) = (RecordedRun.Write(folder, ["a", "b"], 2, "one"), RecordedRun.Write(folder, ["a", "b"], 2, "two"));
        File.Delete(Path.Combine(second, "predictions.csv"));

        var comparison = RunComparison.Write(first, second, Path.Combine(folder.Path, "page.html"));

        Assert.IsNull(comparison.Paired);
        Assert.IsNull(comparison.Second);
        StringAssert.Contains(File.ReadAllText(Path.Combine(folder.Path, "page.html")), "no pictures in common");
    }

    private static ScoredPicture Right(ScoredPicture picture) => picture with { Predicted = picture.Label, Rank = 0 };

    private static ScoredPicture Wrong(ScoredPicture picture) => picture with { Predicted = picture.Label == "a" ? "b" : "a", Rank = 1 };

    private static void Change(string run, Func<ScoredPicture, int, ScoredPicture> change)
    {
        var path = Path.Combine(run, RunRecords.PredictionsName);
        PredictionsFile.Write(PredictionsFile.Read(path).Select(change), path);
    }
}
