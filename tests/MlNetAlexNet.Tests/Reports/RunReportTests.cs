using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using MlNetAlexNet.Reports;

namespace MlNetAlexNet.Tests.Reports;

/// <summary>The page, as a browser's parser reads it.</summary>
[TestClass]
public sealed class RunReportTests(TestContext context)
{
    private static readonly string[] s_hostile =
    [
        "<script>alert(1)</script>", "\"quoted' & <b>bold", "</style><img src=x onerror=alert(1)>", "--><!-- ]]>", "{0} ${x} {prefix}",
        "שלום עולם", "\u202Eright to left\u202C", "👩‍👩‍👧 emoji", "長い名前", new string('w', 300), "a,\"b\"", "line\nbreak", "&lt;already&gt;",
    ];

    [TestMethod]
    [DataRow(3, 4)]
    [DataRow(2, 5)]
    public void Write_FewClasses_HasTheFiguresAndEveryPicture(int classes, int perClass)
    {
        using var folder = new TemporaryFolder();

        var page = Open(RunReport.Write(RecordedRun.Write(folder, [.. "abc".Take(classes).Select(name => $"{name}")], perClass)));

        var right = classes * (perClass - 1);
        StringAssert.Contains(Text(page, ".tiles"), FormattableString.Invariant($"{right} of {classes * perClass}"));
        Assert.HasCount(2 * classes, page.QuerySelectorAll(".matrix td a"));
        Assert.HasCount(classes * perClass, page.QuerySelectorAll(".cell img"));
        Assert.HasCount(classes, page.QuerySelectorAll("#mistakes img"));
        Assert.IsTrue(page.Images.All(image => image.Source!.StartsWith("data:image/", StringComparison.Ordinal)));
        Assert.HasCount(4, page.QuerySelectorAll("#curves svg[role=img]"));
        Assert.AreEqual(3 * RecordedRun.Epochs, page.QuerySelectorAll("#curves .chart")[1].QuerySelectorAll("circle").Length);
        StringAssert.Contains(Text(page, "#reliability"), "Expected calibration error");
        StringAssert.Contains(Text(page, "#layers tfoot"), "2,000");
        StringAssert.Contains(Text(page, "#options"), "training.epochs");
        StringAssert.Contains(Text(page, "#environment"), "versions..NET");
        StringAssert.Contains(Text(page, "#pictures"), "label conflict: ");
        StringAssert.Contains(Text(page, "#pictures"), "It is no picture.");
        RequireLinks(page);
    }

    // By hand: of each class three of four are right, and one of another class is taken for it.
    [TestMethod]
    public void Write_FewClasses_HasPrecisionRecallAndF1OfEach()
    {
        using var folder = new TemporaryFolder();

        var page = Open(RunReport.Write(RecordedRun.Write(folder, ["a", "b", "c"], perClass: 4)));

        foreach (var row in page.QuerySelectorAll("#classes tbody tr"))
            CollectionAssert.AreEqual((string[])["4", "75.0%", "75.0%", "75.0%"], row.Children.Skip(1).Select(cell => cell.TextContent).ToArray());
    }

    [TestMethod]
    [DataRow(13)]
    [DataRow(60)] // a picture in place of a table
    public void Write_HostileNames_AreTextEverywhere(int classes)
    {
        using var folder = new TemporaryFolder();
        string[] names = [.. Enumerable.Range(0, classes).Select(i => i < s_hostile.Length ? s_hostile[i] : $"{s_hostile[i % s_hostile.Length]} {i}")];
        var run = RecordedRun.Write(folder, names, perClass: 2, name: "<script>alert(2)</script>".Replace("/", ""));

        var page = Open(RunReport.Write(run));
        var comparison = RunComparison.Write(run, RecordedRun.Write(folder, names, perClass: 2, name: "other"), Path.Combine(folder.Path, "compared.html"));

        foreach (var each in (IHtmlDocument[])[page, Open(Path.Combine(folder.Path, "compared.html"))])
        {
            RequireLinks(each);
            Assert.IsFalse(each.QuerySelectorAll("script:not([type])").Skip(1).Any(), "a script that is not the page's");
            Assert.IsFalse(each.QuerySelector("script:not([type])")!.TextContent.Contains("alert("), "a name in the script");
            Assert.IsFalse(each.All.Any(element => element.Attributes.Any(attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal))));
            Assert.IsEmpty(each.QuerySelectorAll("b script, bdi *, .name b, title *"));
            var cells = each.QuerySelectorAll("#classes tbody td.name").Select(cell => cell.TextContent).ToArray();
            CollectionAssert.AreEqual(names, cells);
            foreach (var json in each.QuerySelectorAll("script[type='application/json']"))
            {
                using var data = JsonDocument.Parse(json.TextContent);
                CollectionAssert.AreEqual(
                    names, data.RootElement.GetProperty("classes").EnumerateArray().Select(name => name.GetString()).ToArray());
            }
        }

        Assert.AreEqual(classes > 40 ? 1 : 0, page.QuerySelectorAll(".raster").Length);
        Assert.AreEqual(2 * classes, comparison.Paired!.Pictures);
    }

    [TestMethod]
    public void Write_AThousandClasses_StaysBelow10MBAndOpensItsMistakes()
    {
        using var folder = new TemporaryFolder();
        var run = RecordedRun.Write(folder, [.. Enumerable.Range(0, 1000).Select(i => $"class {i} of a thousand with a long name")], perClass: 10, files: 50);

        var report = new FileInfo(RunReport.Write(run));

        context.WriteLine($"{report.Length / 1e6:0.0} MB");
        Assert.IsLessThan(10_000_000, report.Length);
        var page = Open(report.FullName);
        Assert.HasCount(1, page.QuerySelectorAll(".raster img"));
        Assert.HasCount(1000, page.QuerySelectorAll("#classes tbody tr"));
        Assert.IsTrue(page.QuerySelectorAll(".cell").Take(100).All(cell => cell.QuerySelector("img") is not null));
        RequireLinks(page);
    }

    [TestMethod]
    public void Write_PicturesGone_NamesThem()
    {
        using var folder = new TemporaryFolder();

        var page = Open(RunReport.Write(RecordedRun.Write(folder, ["a", "b"], perClass: 2, files: 0)));

        Assert.HasCount(4, page.QuerySelectorAll(".cell .gone"));
        StringAssert.Contains(Text(page, ".cell .gone"), "gone-");
    }

    [TestMethod]
    public void Write_RunOfAnEarlierVersion_ShowsWhatThereIs()
    {
        using var folder = new TemporaryFolder();
        var run = RecordedRun.Write(folder, ["a", "b"], perClass: 2);
        File.Delete(Path.Combine(run, "predictions.csv"));
        File.Delete(Path.Combine(run, "run.json"));
        File.WriteAllText(Path.Combine(run, "model.zip"), "damaged");
        File.WriteAllText(Path.Combine(run, "history.csv"), "epoch,learning_rate,train_loss,train_accuracy,validation_loss,validation_accuracy,is_best,seconds,images_per_second\n1,0.1,2,0.5,,,true,1,10\n");

        var page = Open(RunReport.Write(run));

        StringAssert.Contains(Text(page, "header"), "No test pictures are on record: the run is of an earlier version.");
        Assert.HasCount(4, page.QuerySelectorAll("#curves svg[role=img]"));
        Assert.IsNull(page.QuerySelector("#confusion"));
        StringAssert.Contains(Text(page, "#kernels"), "model.zip"); // it is damaged, and all else is not
        RequireLinks(page);
    }

    [TestMethod]
    public void Write_RunThatWasKilled_SaysThatItHasNotEnded()
    {
        using var folder = new TemporaryFolder();
        var run = RecordedRun.Write(folder, ["a", "b"], perClass: 2);
        File.Delete(Path.Combine(run, "predictions.csv"));
        File.Delete(Path.Combine(run, "run.json"));

        var page = Open(RunReport.Write(run));

        StringAssert.Contains(Text(page, "header"), "the run has not ended");
        StringAssert.Contains(Text(page, ".tiles"), "best epoch so far");
    }

    [TestMethod]
    [DataRow("missing", "is missing")]
    [DataRow("data", "is no folder of a run")]
    public void Write_NoRunFolder_IsRefused(string name, string expected)
    {
        using var folder = new TemporaryFolder();
        RecordedRun.Write(folder, ["a", "b"], perClass: 2);

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => RunReport.Write(Path.Combine(folder.Path, name))).Message, expected);
    }

    // Whatever a byte of a record becomes: a page, or a fault that names the file.
    [TestMethod]
    [DataRow("options.json")]
    [DataRow("history.csv")]
    [DataRow("run.json")]
    [DataRow("predictions.csv")]
    [DataRow("metrics.json")]
    public void Write_DamagedRecord_IsRefusedByNameOrShown(string name)
    {
        const int Seed = 15;
        using var folder = new TemporaryFolder();
        var run = RecordedRun.Write(folder, ["a", "b"], perClass: 2, files: 1);
        var (path, random) = (Path.Combine(run, name), new Random(Seed));
        var whole = File.ReadAllBytes(path);
        context.WriteLine($"seed {Seed}");
        for (var i = 0; i < 60; i++)
        {
            var bytes = i % 3 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (var changes = random.Next(4); bytes.Length > 0 && changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, bytes);
            try
            {
                RequireLinks(Open(RunReport.Write(run)));
            }
            catch (AlexNetException fault)
            {
                StringAssert.Contains(fault.Message, name, $"round {i}");
            }
        }
    }

    [TestMethod]
    public void Write_Cancelled_LeavesTheEarlierReport()
    {
        using var folder = new TemporaryFolder();
        var run = RecordedRun.Write(folder, ["a", "b"], perClass: 2);
        var before = File.ReadAllText(RunReport.Write(run));

        Assert.ThrowsExactly<OperationCanceledException>(() => RunReport.Write(run, new CancellationToken(canceled: true)));

        Assert.AreEqual(before, File.ReadAllText(Path.Combine(run, "report.html")));
        Assert.AreEqual(before, File.ReadAllText(RunReport.Write(run)), "the same records are not the same page");
    }

    private static IHtmlDocument Open(string path) => new HtmlParser().ParseDocument(File.ReadAllText(path));

    private static string Text(IHtmlDocument page, string selector) => page.QuerySelector(selector)!.TextContent;

    // Each anchor is there once.
    private static void RequireLinks(IHtmlDocument page)
    {
        var ids = page.QuerySelectorAll("[id]").Select(element => element.Id!).ToList();
        Assert.HasCount(ids.Count, ids.Distinct());
        Assert.IsEmpty(page.QuerySelectorAll("a").Select(link => link.GetAttribute("href")!.TrimStart('#')).Except(ids));
    }
}
