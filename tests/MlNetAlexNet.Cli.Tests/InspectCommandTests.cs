using System.Text.Json;
using MlNetAlexNet.Images;

namespace MlNetAlexNet.Cli.Tests;

[TestClass]
public sealed class InspectCommandTests
{
    [TestMethod]
    public async Task Inspect_FolderWithoutFaults_SaysSoAndReturns0()
    {
        using var folder = new TemporaryFolder();
        Draw(folder);

        var result = await Invocation.Of("inspect", folder.Path);

        Assert.AreEqual(0, result.ExitCode, result.Error);
        Assert.AreEqual(
            """
            Pictures   24 in 2 classes
            Train      16 that can be decoded, 8 a class
            Test       8 that can be decoded, 4 a class
            Found      nothing

            """,
            result.Out);
        Assert.AreEqual("", result.Error);
    }

    [TestMethod]
    public async Task Inspect_FolderWithFaults_GroupsThemInLinesOf80ColumnsAndReturns2()
    {
        using var folder = new TemporaryFolder();
        Draw(folder);
        for (var i = 0; i < 5; i++)
            folder.Write($"train/cat/empty-{i}.jpg");
        folder.Write("train/dog/strange\n\u001b[31m.jpg", [1]);
        File.Copy(Path.Combine(folder.Path, "train/cat/1.jpg"), Path.Combine(folder.Path, "test/dog/cat.jpg"));
        folder.Write("train/cat/page.jpg", "<html>"u8.ToArray());
        folder.Write("train/cat/notes.txt", [1]);

        var result = await Invocation.Of("inspect", folder.Path);

        Assert.AreEqual(2, result.ExitCode, result.Error);
        Assert.AreEqual("", result.Error);
        Assert.AreEqual(
            """
            Pictures   32 in 2 classes
            Train      16 that can be decoded, 8 a class
            Test       9 that can be decoded, a class 4 (cat) to 5 (dog)
            Errors     5 without any bytes
                         train/cat/empty-0.jpg
                         train/cat/empty-1.jpg
                         train/cat/empty-2.jpg
                         and 2 more
                       2 no picture, or of a format that is not decoded
                         train/cat/page.jpg
                         train/dog/strange\u000a\u001b[31m.jpg
                       1 the same file in several classes
                         test/dog/cat.jpg
                         = train/cat/1.jpg
            Notes      1 left out, as the name is no picture's
                         train/cat/notes.txt

            """,
            result.Out);
    }

    [TestMethod]
    public async Task Inspect_AsJson_IsOneDocumentWithEveryName()
    {
        using var folder = new TemporaryFolder();
        Draw(folder);
        var name = "train/\"cat\" \\ \n/é.jpg";
        folder.Write(name, [1]);
        folder.Write("test/\"cat\" \\ \n/ok.jpg", Pictures.Photograph(64, 64, 99));

        var result = await Invocation.Of("inspect", folder.Path, "--json");

        Assert.AreEqual(2, result.ExitCode, result.Error);
        var document = JsonDocument.Parse(result.Out).RootElement;
        Assert.AreEqual(26, document.GetProperty("pictures").GetInt32());
        Assert.AreEqual(25, document.GetProperty("clean").GetInt32());
        Assert.IsTrue(document.GetProperty("hasErrors").GetBoolean());
        var found = document.GetProperty("findings")[0];
        Assert.AreEqual("NotAPicture", found.GetProperty("kind").GetString());
        Assert.AreEqual(name, found.GetProperty("paths")[0].GetString());
        Assert.AreEqual("\"cat\" \\ \n", document.GetProperty("parts")[0].GetProperty("classes")[0].GetProperty("name").GetString());
    }

    // What is left out: the empty one, the second copy in a class, the copy that leaks, both of the conflict.
    [TestMethod]
    public async Task WriteCleanList_FolderWithFaults_IsWhatInspectAndTrainGoOnWith()
    {
        using var folder = new TemporaryFolder();
        Draw(folder);
        folder.Write("train/cat/empty.jpg");
        Copy("train/cat/1.jpg", "train/cat/1-again.jpg");
        Copy("test/cat/1.jpg", "train/cat/leak.jpg");
        Copy("train/cat/2.jpg", "train/dog/conflict.jpg");
        var (data, list) = (folder.Path, Path.Combine(Directory.CreateTempSubdirectory().FullName, "clean.txt"));

        var first = await Invocation.Of("inspect", data, "--write-clean-list", list);
        var second = await Invocation.Of("inspect", data, "--only", list);
        var run = Path.Combine(Path.GetDirectoryName(list)!, "run");
        var training = await Invocation.Of(
            "train", data, "--only", list, "--epochs", "1", "--batch-size", "4", "--model", SmallStack.WriteTo(folder, classes: 2), "--output", run);

        Assert.AreEqual(2, first.ExitCode, first.Error);
        var names = await File.ReadAllLinesAsync(list);
        CollectionAssert.AreEquivalent(
            ImageFolder.Open(data).Train.Concat(ImageFolder.Open(data).Validation).Concat(ImageFolder.Open(data).Test)
                .Select(picture => Path.GetRelativePath(data, picture.ImagePath))
                .Except(["train/cat/empty.jpg", "train/cat/1.jpg", "train/cat/leak.jpg", "train/cat/2.jpg", "train/dog/conflict.jpg"]).ToArray(),
            names);
        StringAssert.Contains(first.Out, $"Clean      {names.Length} of 28 pictures, listed in {list}");
        Assert.AreEqual(0, second.ExitCode, second.Out);
        Assert.AreEqual(0, training.ExitCode, training.Error);
        var drawn = ImageFolder.Open(data, only: names.ToHashSet());
        Assert.HasCount(names.Length - 8, drawn.Train.Concat(drawn.Validation));
        StringAssert.Contains(training.Out, $"{drawn.Train.Count} train, {drawn.Validation.Count} validation, 8 test in 2 classes");
        Directory.Delete(Path.GetDirectoryName(list)!, recursive: true);

        void Copy(string from, string to) => File.Copy(Path.Combine(folder.Path, from), Path.Combine(folder.Path, to));
    }

    [TestMethod]
    public async Task Inspect_Cancelled_Returns130()
    {
        using var folder = new TemporaryFolder();
        Draw(folder);

        var result = await Invocation.Of(["inspect", folder.Path], new CancellationToken(canceled: true));

        Assert.AreEqual(130, result.ExitCode);
        Assert.AreEqual("", result.Out);
        Assert.AreEqual("Interrupted.\n", result.Error);
    }

    [TestMethod]
    public async Task Train_PicturesThatSpoilItsFigures_WarnsAndGoesOn()
    {
        using var folder = new TemporaryFolder();
        Draw(folder);
        File.Copy(Path.Combine(folder.Path, "train/cat/1.jpg"), Path.Combine(folder.Path, "train/dog/conflict.jpg"));
        File.Copy(Path.Combine(folder.Path, "train/dog/2.jpg"), Path.Combine(folder.Path, "test/dog/leak.jpg"));
        var run = Path.Combine(folder.Path, "run");

        var result = await Invocation.Of(
            "train", folder.Path, "--epochs", "1", "--batch-size", "4", "--model", SmallStack.WriteTo(folder, classes: 2),
            "--output", run, "--validation-fraction", "0");

        Assert.AreEqual(0, result.ExitCode, result.Error);
        StringAssert.Contains(result.Out,
            """
            Warning    1 the same pixels in several classes
                         train/cat/1.jpg
                         = train/dog/conflict.jpg
                       1 the same pixels in several parts
                         test/dog/leak.jpg
                         = train/dog/2.jpg
            """);
    }

    private static void Draw(TemporaryFolder folder)
    {
        var seed = 0;
        foreach (var (part, count) in (IEnumerable<(string, int)>)[("train/cat", 8), ("train/dog", 8), ("test/cat", 4), ("test/dog", 4)])
        {
            for (var i = 0; i < count; i++)
                folder.Write($"{part}/{i}.jpg", Pictures.Photograph(64, 48, seed++));
        }
    }
}
