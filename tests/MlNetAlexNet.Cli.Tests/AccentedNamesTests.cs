using System.Diagnostics;
using System.Text;

namespace MlNetAlexNet.Cli.Tests;

/// <summary>
/// Class names match however their accents are stored, composed (Windows, Linux) or apart (macOS), though the command runs with
/// invariant globalization, where <see cref="string.Normalize()"/> does nothing.
/// </summary>
[TestClass]
public sealed class AccentedNamesTests
{
    private const string Apart = "Cre\u0300me bru\u0302le\u0301e";
    private const string Composed = "Cr\u00e8me br\u00fbl\u00e9e";

    private static readonly TemporaryFolder Folder = new();
    private static readonly string Stack = SmallStack.WriteTo(Folder);
    private static readonly string DataComposed = Draw("composed", Composed);
    private static readonly string DataApart = Draw("apart", Apart);
    private static readonly string Model = Path.Combine(Folder.Path, "run", "model.zip");

    [ClassInitialize]
    public static async Task TrainOnce(TestContext context)
    {
        Assert.IsTrue(AppContext.TryGetSwitch("System.Globalization.Invariant", out var isInvariant) && isInvariant, "as the command runs");
        var training = await Invocation.Of(
            "train", DataComposed, "--output", Path.GetDirectoryName(Model)!, "--model", Stack, "--epochs", "1", "--batch-size", "4");
        Assert.AreEqual(0, training.ExitCode, training.Error);
    }

    [ClassCleanup]
    public static void Delete() => Folder.Dispose();

    [TestMethod]
    public async Task Evaluate_FoldersOfTheOtherForm_AreTheModelsClasses()
    {
        var result = await Invocation.Of("evaluate", Model, DataApart);

        Assert.AreEqual(0, result.ExitCode, result.Error);
        StringAssert.Contains(result.Out, Composed);
        Assert.IsFalse(result.Out.Contains(Apart, StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task Train_InitialWeightsAndClassWeightOfTheOtherForm_MeanTheSameClasses()
    {
        var result = await Invocation.Of(
            "train", DataApart, "--output", Path.Combine(Folder.Path, "again"), "--initial-weights", Model,
            "--class-weight", $"{Apart}=2", "--epochs", "1", "--batch-size", "4");

        Assert.AreEqual(0, result.ExitCode, result.Error);
        Assert.IsFalse(result.Out.Contains("; new:", StringComparison.Ordinal), result.Out);
        Assert.IsFalse(result.Out.Contains("new one for", StringComparison.Ordinal), result.Out);
    }

    [TestMethod]
    public async Task Convert_RenamedByTheOtherForm_RenamesTheClass()
    {
        var renamed = Path.Combine(Folder.Path, "renamed.zip");

        var result = await Invocation.Of("convert", Model, renamed, "--rename-class", $"{Apart}=brulee");
        var listed = await Invocation.Of("predict", renamed, Path.Combine(DataApart, Apart));

        Assert.AreEqual(0, result.ExitCode, result.Error);
        StringAssert.Contains(listed.Out, "  brulee\n");
    }

    [TestMethod]
    public async Task Import_ClassListOfTheOtherFormAndOrder_ReordersTheOutputs()
    {
        var list = Folder.Write("classes.txt", Encoding.UTF8.GetBytes($"red\n{Apart}\ngreen\n"));
        var sorted = Path.Combine(Folder.Path, "sorted.zip");

        var result = await Invocation.Of("import", Model, sorted, "--classes", list);

        Assert.AreEqual(0, result.ExitCode, result.Error);
        StringAssert.Contains(result.Out, "the outputs in the order of the classes given");
        Assert.AreEqual(0, (await Invocation.Of("evaluate", sorted, DataComposed)).ExitCode);
    }

    [TestMethod]
    public async Task Evaluate_TableOfTheOtherForm_HasTheModelsClasses()
    {
        var table = Folder.Write("table.csv", Encoding.UTF8.GetBytes($"path,label\ncomposed/{Composed}/1.png,{Apart}\ncomposed/red/1.png,red\n"));

        var result = await Invocation.Of("evaluate", Model, table);

        Assert.AreEqual(0, result.ExitCode, result.Error);
    }

    [TestMethod]
    public async Task Train_PartsOfDifferentForms_HaveTheSameClasses()
    {
        var data = Path.Combine(Folder.Path, "parts");
        ColoredPictures.Draw(Path.Combine(data, "train"), 5);
        ColoredPictures.Draw(Path.Combine(data, "test"), 2, seed: 2);
        Directory.Move(Path.Combine(data, "train", "blue"), Path.Combine(data, "train", Composed));
        Directory.Move(Path.Combine(data, "test", "blue"), Path.Combine(data, "test", Apart));

        var result = await Invocation.Of(
            "train", data, "--output", Path.Combine(Folder.Path, "parted"), "--model", Stack, "--epochs", "1", "--batch-size", "4");

        Assert.AreEqual(0, result.ExitCode, result.Error);
        StringAssert.Contains(result.Out, "6 test in 3 classes");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)] // elsewhere the file system takes the two for one
    [DataRow("train", "--output", "none")]
    [DataRow("inspect")]
    public async Task Folders_ThatDifferInTheFormAlone_AreRefusedByName(params string[] command)
    {
        var data = Draw("both", Composed);
        Directory.CreateDirectory(Path.Combine(data, Apart));
        File.Copy(Path.Combine(data, Composed, "1.png"), Path.Combine(data, Apart, "1.png"), overwrite: true);

        var result = await Invocation.Of([.. command, data]);

        Assert.AreEqual(2, result.ExitCode);
        StringAssert.Contains(result.Error, $"has 2 folders called '{Composed}'");
    }

    // What .NET makes of such a name has U+FFFD in it, and opens nothing.
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("one/a\\377.png", "'a\\xFF.png'")]
    [DataRow("caf\\351/1.png", "'caf\\xE9'")]
    public async Task Folder_WithNamesThatAreNotUtf8_IsRefusedByThem(string name, string shown)
    {
        var data = Path.Combine(Folder.Path, "lost", shown.Trim('\''));
        ColoredPictures.Draw(data, 1);
        await ShellAsync($"cd '{data}' && f=$(printf '{name}') && mkdir -p \"${{f%/*}}\" && cp red/1.png \"$f\"");

        foreach (string[] command in (string[][])[["train", "--output", "none"], ["inspect"], ["evaluate", Model], ["predict", Model]])
        {
            var result = await Invocation.Of([.. command, data]);

            Assert.AreEqual(2, result.ExitCode, command[0]);
            StringAssert.Contains(result.Error, shown, command[0]);
            StringAssert.Contains(result.Error, "not UTF-8", command[0]);
        }

        await ShellAsync($"rm -r '{data}'"); // .NET cannot
    }

    private static async Task ShellAsync(string script)
    {
        using var shell = Process.Start("sh", ["-c", script]);
        await shell.WaitForExitAsync();
        Assert.AreEqual(0, shell.ExitCode);
    }

    private static string Draw(string name, string blue)
    {
        var data = Path.Combine(Folder.Path, name);
        if (Directory.Exists(data))
            return data;

        ColoredPictures.Draw(data, 5);
        Directory.Move(Path.Combine(data, "blue"), Path.Combine(data, blue));
        return data;
    }
}
