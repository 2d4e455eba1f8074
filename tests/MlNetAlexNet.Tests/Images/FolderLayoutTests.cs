using MlNetAlexNet.Images;

namespace MlNetAlexNet.Tests.Images;

[TestClass]
public sealed class FolderLayoutTests
{
    [TestMethod]
    [DataRow("Train", "Val", "TEST")]
    [DataRow("training", "dev", "testing")]
    [DataRow("TRAIN", "Validation", "Test")]
    [DataRow("train", "valid", "test")]
    [DataRow("training_set", "validation set", "test-set")]
    public void Open_SplitsByTheirUsualNames_ArePartsAndNoClasses(string train, string validation, string test)
    {
        using var folder = Tree($"{train}/cat/1.jpg", $"{train}/dog/2.jpg", $"{validation}/cat/3.jpg", $"{test}/dog/4.jpg");

        Assert.AreEqual("cat,dog | 1 2 | 3 | 4", Describe(ImageFolder.Open(folder.Path)));
    }

    [TestMethod]
    [DataRow("dataset/train")]
    [DataRow("train/train")]
    [DataRow("unzipped/Training/training")]
    public void Open_SplitsBelowOneFolder_AreFound(string train)
    {
        using var folder = Tree($"{train}/cat/1.jpg", $"{train}/dog/2.jpg", "__MACOSX/dataset/._1.jpg", "licence/readme.txt");
        var found = ImageFolder.Open(folder.Path, new SplitOptions { ValidationFraction = 0, TestFraction = 0 });

        Assert.AreEqual("cat,dog | 1 2 |  | ", Describe(found));
        Assert.AreEqual(folder.Path, found.Path);
    }

    [TestMethod]
    [DataRow("'train'", "'cat', 'dog'", "train/cat/1.jpg", "train/dog/2.jpg", "cat/3.jpg", "dog/4.jpg")] // splits and classes
    [DataRow("'Test'", "'cat'", "Test/cat/1.jpg", "Test/dog/2.jpg", "cat/3.jpg")]
    [DataRow("'Test', 'Train'", "no class folders", "Train/1.jpg", "Test/2.jpg")] // splits, but no classes
    [DataRow("'test', 'train'", "no class folders", "train/1.jpg", "test/2.jpg", "plane/3.jpg")]
    [DataRow("/Validation' and '", "mean the same part", "train/cat/1.jpg", "train/dog/2.jpg", "val/cat/3.jpg", "Validation/cat/4.jpg")]
    [DataRow("/test'", "has no class folders", "train/cat/1.jpg", "train/dog/2.jpg", "test/3.jpg")]
    [DataRow("the splits test", "none to train on", "test/cat/1.jpg", "test/dog/2.jpg")]
    [DataRow("/cat'", "'test', 'train'", "cat/train/1.jpg", "cat/test/2.jpg", "dog/train/3.jpg", "dog/test/4.jpg")] // the other way round
    public void Open_FolderThatCouldMeanTwoThings_IsRefusedByName(string name, string reason, params string[] files)
    {
        using var folder = Tree(files);
        var fault = Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.Open(folder.Path)).Message;

        Assert.Contains(name, fault);
        Assert.Contains(reason, fault);
    }

    [TestMethod]
    public void Open_FoldersWithoutPicturesBesideSplits_AreNoClasses()
    {
        using var folder = Tree("train/cat/1.jpg", "train/dog/2.jpg", "annotations/1.xml", "empty/deep/notes.txt");

        Assert.AreEqual("cat,dog", string.Join(",", Whole(folder.Path).Classes));
    }

    // What Windows, macOS, Linux, network drives and notebooks leave.
    [TestMethod]
    public void Open_JunkEverywhere_IsNeitherClassNorPictureNorCounted()
    {
        using var folder = Tree("cat/1.jpg", "dog/2.jpg");
        foreach (var junk in (string[])
            ["@eaDir", "lost+found", "__MACOSX", ".AppleDouble", ".ipynb_checkpoints", "$RECYCLE.BIN", "System Volume Information", "#recycle", "$recycle.bin"])
        {
            folder.Write($"{junk}/a.jpg/SYNOPHOTO_THUMB_M.jpg");
            folder.Write($"cat/{junk}/9.jpg");
        }

        foreach (var file in (string[])["Thumbs.db", "desktop.ini", "._1.jpg", ".DS_Store", "1.jpg:Zone.Identifier"])
            folder.Write($"cat/{file}");

        Assert.AreEqual("cat,dog | 1 2 |  | ", Describe(Whole(folder.Path)));
        Assert.AreEqual(0, Whole(folder.Path).OtherFiles.Count);
        Assert.HasCount(2, ImageFolder.ListPictures(folder.Path));
        Assert.HasCount(2, ImagePaths.Expand([folder.Path, folder.Path + "/*", folder.Path + "/**/*.jpg"]));
    }

    [TestMethod]
    public void Open_FilesThatAreNoPicturesByName_AreCounted()
    {
        using var folder = Tree("cat/1.jpg", "dog/2.jpg", "cat/3.ppm", "dog/deep/4.PPM", "cat/noending", "dog/5.tif", "LICENSE.txt");

        Assert.AreEqual("2 .ppm, 1 without an ending", Whole(folder.Path).OtherFiles.ToString());
        Assert.HasCount(3, ImageFolder.ListPictures(folder.Path, out var others));
        Assert.AreEqual("2 .ppm, 1 without an ending, 1 .txt", others.ToString());
        Assert.HasCount(2, ImagePaths.Expand([folder.Path + "/dog", folder.Path + "/d*"], out others));
        Assert.AreEqual("1 .ppm", others.ToString());
    }

    [TestMethod]
    public void Open_ClassOfOtherFilesAlone_SaysWhatIsThere()
    {
        using var folder = Tree("cat/1.jpg", "dog/2.ppm", "dog/3.ppm");

        Assert.Contains("/dog' has no pictures, but 2 .ppm.", Assert.ThrowsExactly<AlexNetException>(() => Whole(folder.Path)).Message);
    }

    [TestMethod]
    public void Open_EmptyClassOfValidationOrTest_IsNamedAndNoFault()
    {
        using var folder = Tree("train/cat/1.jpg", "train/dog/2.jpg", "val/cat/3.jpg", "val/dog/readme.txt", "test/cat/4.jpg");
        Directory.CreateDirectory(Path.Combine(folder.Path, "test", "dog"));

        CollectionAssert.AreEqual((string[])["val/dog", "test/dog"], ImageFolder.Open(folder.Path).EmptyClasses.ToArray());
        CollectionAssert.AreEqual((string[])["test/dog"], ImageFolder.OpenTest(folder.Path).EmptyClasses.ToArray());
        File.Delete(Path.Combine(folder.Path, "val", "cat", "3.jpg"));
        Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.Open(folder.Path)); // no validation at all
    }

    [TestMethod]
    public void Open_OutputOfRunsBesideTheClasses_IsNoClass()
    {
        using var folder = Tree("cat/1.jpg", "dog/2.jpg", "runs/me-1/options.json", "kept/0123.pixels", "killed/.alexnet-run");
        Directory.CreateDirectory(Path.Combine(folder.Path, "out"));

        Assert.Contains("/out'", Assert.ThrowsExactly<AlexNetException>(() => Whole(folder.Path)).Message);
        var found = ImageFolder.OpenBesideOutputs(
            folder.Path, new SplitOptions { ValidationFraction = 0, TestFraction = 0 }, null, null, new OutputFolders([Path.Combine(folder.Path, "out", "run")]));
        Assert.AreEqual("cat,dog | 1 2 |  | ", Describe(found));
    }

    [TestMethod]
    public void OpenTest_SplitsOrClasses_IsTheTestOrAll()
    {
        using var split = Tree("Train/cat/1.jpg", "Train/dog/2.jpg", "Test/cat/3.jpg");
        using var classes = Tree("cat/1.jpg", "dog/2.jpg");
        using var none = Tree("train/cat/1.jpg", "train/dog/2.jpg", "val/cat/3.jpg");

        Assert.AreEqual("cat |  |  | 3", Describe(ImageFolder.OpenTest(split.Path)));
        Assert.AreEqual("cat,dog |  |  | 1 2", Describe(ImageFolder.OpenTest(classes.Path)));
        Assert.Contains("none to test with", Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.OpenTest(none.Path)).Message);
        Assert.Contains("has the splits", Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.ListLabeled(split.Path)).Message);
    }

    private static ImageFolder Whole(string path) => ImageFolder.Open(path, new SplitOptions { ValidationFraction = 0, TestFraction = 0 });

    private static TemporaryFolder Tree(params string[] files)
    {
        var folder = new TemporaryFolder();
        foreach (var file in files)
            folder.Write(file);
        return folder;
    }

    // Classes | train | validation | test, by the names of the files.
    private static string Describe(ImageFolder folder) =>
        $"{string.Join(",", folder.Classes)} | {Names(folder.Train)} | {Names(folder.Validation)} | {Names(folder.Test)}";

    private static string Names(IReadOnlyList<LabeledImage> pictures) =>
        string.Join(" ", pictures.Select(picture => Path.GetFileNameWithoutExtension(picture.ImagePath)));
}
