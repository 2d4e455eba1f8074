using MlNetAlexNet.Images;
using MlNetAlexNet.Inspection;

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
    [DataRow("/test'", "would be a class itself", "cat/1.jpg", "dog/2.jpg", "test/3.jpg")]
    [DataRow("/Val'", "would be a class itself", "cat/1.jpg", "dog/2.jpg", "Val/3.jpg")]
    [DataRow("/dev_set'", "would be a class itself", "cat/1.jpg", "dog/deep/2.jpg", "dev_set/3.jpg")]
    [DataRow("'bird'", "'train'", "train/train/cat/1.jpg", "train/train/dog/2.jpg", "train/bird/3.jpg")] // classes in two depths
    [DataRow("'seg_pred'", "'seg_test', 'seg_train'", "seg_train/cat/1.jpg", "seg_train/dog/2.jpg", "seg_test/cat/3.jpg", "seg_pred/4.jpg")]
    [DataRow("/test_images'", "no class folders", "train_images/cat/1.jpg", "train_images/dog/2.jpg", "test_images/3.jpg")]
    [DataRow("'test_images', 'train_images'", "no class folders", "train_images/1.jpg", "test_images/2.jpg")]
    [DataRow("/train2014' and '", "mean the same part", "train2014/cat/1.jpg", "train2017/cat/2.jpg", "val2017/cat/3.jpg")]
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
    }

    // A validation or a test that somebody made and did not fill.
    [TestMethod]
    [DataRow("test", "train/cat/1.jpg", "train/dog/2.jpg", "val/cat/3.jpg")]
    [DataRow("val/cat", "train/cat/1.jpg", "train/dog/2.jpg", "test/cat/3.jpg")]
    [DataRow("Test", "cat/1.jpg", "dog/2.jpg")]
    [DataRow("dev/dog", "cat/1.jpg", "dog/2.jpg")]
    [DataRow("seg_test/cat", "seg_train/cat/1.jpg", "seg_train/dog/2.jpg", "seg_val/cat/3.jpg")]
    public void Open_PartWithoutAPicture_IsNamedAndNotThere(string made, params string[] files)
    {
        using var folder = Tree(files);
        Directory.CreateDirectory(Path.Combine(folder.Path, made));
        var found = Whole(folder.Path);

        Assert.AreEqual("cat,dog | 1 2", Describe(found)[..13]);
        CollectionAssert.AreEqual((string[])[made.Split('/')[0]], found.EmptyClasses.ToArray());
    }

    // Kaggle's Intel set, its alphabet, competitions, COCO.
    [TestMethod]
    [DataRow("seg_train/seg_train", "seg_val/seg_val", "seg_test/seg_test")]
    [DataRow("train_images", "val_images", "test_images")]
    [DataRow("train2017", "val2017", "test2017")]
    [DataRow("images (training)", "Validation images", "TestImages")]
    [DataRow("asl/alphabet-train", "asl/alphabet-dev", "asl/alphabet-test")]
    public void Open_SplitsByAWordInTheirNames_ArePartsAndNoClasses(string train, string validation, string test)
    {
        using var folder = Tree($"{train}/cat/1.jpg", $"{train}/dog/2.jpg", $"{validation}/cat/3.jpg", $"{test}/dog/4.jpg");

        Assert.AreEqual("cat,dog | 1 2 | 3 | 4", Describe(ImageFolder.Open(folder.Path)));
    }

    [TestMethod]
    [DataRow("weight_training/1.jpg", "yoga/2.jpg", "eye_test/3.jpg")]
    [DataRow("weight_training/monday/1.jpg", "yoga/2.jpg", "running/3.jpg")]
    [DataRow("train/1.jpg", "plane/2.jpg")] // vehicles
    [DataRow("contest/1.jpg", "trainer/2.jpg")]
    [DataRow("trainval/a/1.jpg", "devil/b/2.jpg")]
    public void Open_ClassesWithSuchWords_AreClasses(params string[] files)
    {
        using var folder = Tree(files);

        Assert.AreSequenceEqual(files.Select(file => file.Split('/')[0]).Order(StringComparer.Ordinal), Whole(folder.Path).Classes);
    }

    [TestMethod]
    [DataRow("train/0.png", "train/train/cat/1.jpg", "train/train/dog/2.jpg")]
    [DataRow("train/0.png", "train/train/cat/1.jpg", "train/train/dog/2.jpg", "test/cat/3.jpg")]
    [DataRow("seg_train/0.png", "seg_train/seg_train/cat/1.jpg", "seg_train/seg_train/dog/2.jpg", "seg_test/cat/3.jpg")]
    public void Open_PicturesBesideAnInnerSplit_AreRefusedByName(params string[] files)
    {
        using var folder = Tree(files);

        Assert.Contains("0.png'", Assert.ThrowsExactly<AlexNetException>(() => Whole(folder.Path)).Message);
        Assert.HasCount(1, FolderInspection.Inspect(folder.Path).Findings.Where(finding => finding.Kind == FindingKind.BesideClasses));
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
    [DataRow("e/f/g/h/i/j/options.json", "e/f/g/h/i/j/history.csv")] // train . -o e/f/g/h/i/j
    [DataRow("runs/x-1/options.json", "runs/x-1/history.csv", "runs/x-1/7.jpg", "runs/x-1/seen/8.jpg")] // a picture was tried
    [DataRow("x/options.json", "x/checkpoints/1.safetensors", "x/7.jpg")]
    [DataRow("a/b/c/d/e/0123.pixels")]
    [DataRow("runs/killed/.alexnet-run", "runs/killed/7.jpg", "runs/done/options.json")]
    public void Open_OutputOfARunByItsFiles_IsNoClass(params string[] written)
    {
        using var folder = Tree(["cat/1.jpg", "dog/2.jpg", .. written]);

        Assert.AreEqual("cat,dog | 1 2 |  | ", Describe(Whole(folder.Path)));
    }

    [TestMethod]
    [DataRow("bird/options.json", "bird/7.jpg")] // another program's
    [DataRow("bird/7.jpg", "bird/run/options.json", "bird/run/history.csv")]
    [DataRow("bird/run/options.json", "bird/run/history.csv", "bird/deep/7.jpg")]
    public void Open_PicturesBesideARun_AreOfAClass(params string[] files)
    {
        using var folder = Tree(["cat/1.jpg", "dog/2.jpg", .. files]);

        Assert.AreEqual("bird,cat,dog | 7 1 2 |  | ", Describe(Whole(folder.Path)));
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
