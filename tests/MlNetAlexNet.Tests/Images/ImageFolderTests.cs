using MlNetAlexNet.Images;

namespace MlNetAlexNet.Tests.Images;

[TestClass]
public sealed class ImageFolderTests
{
    // ../shared/datasets/clothing/README.md
    [TestMethod]
    public void Open_Clothing_HasTheCountsOfItsReadme()
    {
        var clothing = ImageFolder.Open(Datasets.Clothing);

        Assert.HasCount(3068, clothing.Train);
        Assert.HasCount(341, clothing.Validation);
        Assert.HasCount(372, clothing.Test);
        string[] classes =
            ["dress", "hat", "longsleeve", "outwear", "pants", "shirt", "shoes", "shorts", "skirt", "t-shirt"];
        CollectionAssert.AreEqual(classes, clothing.Classes.ToArray());
        Assert.IsTrue(clothing.Train.All(image => image.ImagePath.Contains($"/train/{image.Label}/")));
    }

    [TestMethod]
    public void Open_FolderAClass_DrawsTheParts()
    {
        using var folder = Classes(("cat", 20), ("dog", 30));
        var opened = ImageFolder.Open(folder.Path, new SplitOptions { ValidationFraction = 0.2, TestFraction = 0.1 });

        foreach (var (name, pictures) in new[] { ("cat", 20), ("dog", 30) })
        {
            int[] sizes = [Count(opened.Train, name), Count(opened.Validation, name), Count(opened.Test, name)];
            Assert.AreEqual(pictures, sizes.Sum());
            Assert.IsTrue(sizes.All(size => size > 0) && sizes[0] > pictures / 2, Sizes(opened));
        }

        CollectionAssert.AreEqual(
            ImageFolder.ListLabeled(folder.Path).ToArray(),
            opened.Train.Concat(opened.Validation).Concat(opened.Test)
                .OrderBy(image => image.ImagePath, StringComparer.Ordinal).ToArray());
    }

    [TestMethod]
    public void Open_MissingParts_AreDrawnFromTrain()
    {
        using var folder = Classes(("train/cat", 20), ("train/dog", 20), ("test/cat", 3));
        var opened = ImageFolder.Open(folder.Path);

        Assert.HasCount(3, opened.Test);
        Assert.HasCount(40, opened.Train.Concat(opened.Validation));
        CollectionAssert.AreEqual(opened.Classes.ToArray(), opened.Validation.Select(image => image.Label).Distinct().ToArray());
        Assert.AreEqual(
            "cat 20 0 3, dog 20 0 0",
            Sizes(ImageFolder.Open(folder.Path, new SplitOptions { ValidationFraction = 0 })));
    }

    [TestMethod]
    [DataRow("validation")]
    [DataRow("val")]
    [DataRow("valid")]
    public void Open_ValidationFolder_IsKnownByItsUsualNames(string name)
    {
        using var folder = Classes(("train/cat", 10), ("train/dog", 10), ($"{name}/dog", 4));

        Assert.AreEqual("cat 9 0 1, dog 9 4 1", Sizes(ImageFolder.Open(folder.Path)));
    }

    // 30 files, 10 of them the same: 21 to draw, and whichever part the first of the ten is in has the others, too.
    [TestMethod]
    public void Open_CopiesOfAFile_AreInOnePart()
    {
        using var folder = Classes(("dog", 30));
        for (var i = 0; i < 30; i++)
            folder.Write($"cat/{i:00}.jpg", i % 3 == 1 ? [1, 2, 3] : [(byte)i, 2, 3, 4]);
        for (var seed = 0; seed < 20; seed++)
        {
            var opened = ImageFolder.Open(folder.Path, new SplitOptions { ValidationFraction = 0.3, TestFraction = 0.3, Seed = seed });

            int[] copies = [.. new[] { opened.Train, opened.Validation, opened.Test }
                .Select(part => part.Count(image => image.ImagePath.Contains("/cat/") && new FileInfo(image.ImagePath).Length == 3))];
            CollectionAssert.AreEquivalent((int[])[10, 0, 0], copies, $"{seed}");
            Assert.HasCount(60, opened.Train.Concat(opened.Validation).Concat(opened.Test).Distinct());
        }
    }

    [TestMethod]
    public void Open_PicturesAddedRenamedAndCopied_LeavesEachOnItsSide()
    {
        using var before = new TemporaryFolder();
        using var after = new TemporaryFolder();
        for (var i = 0; i < 120; i++)
        {
            byte[] content = [(byte)i, 2, 3];
            if (i % 3 > 0)
                before.Write($"{(i % 2 == 0 ? "cat" : "dog")}/{i:000}.jpg", content);
            after.Write($"{(i % 2 == 0 ? "cat" : "dog")}/deep/{999 - i}.png", content);
            if (i % 10 == 0)
                after.Write($"{(i % 2 == 0 ? "cat" : "dog")}/copy of {i}.jpg", content);
        }

        var (old, now) = (Sides(ImageFolder.Open(before.Path)), Sides(ImageFolder.Open(after.Path)));
        Assert.HasCount(80, old);
        foreach (var (content, side) in old)
            Assert.AreEqual(side, now[content]);

        static Dictionary<byte, int> Sides(ImageFolder folder) => new[] { folder.Train, folder.Validation, folder.Test }
            .SelectMany((part, side) => part.Select(image => (File.ReadAllBytes(image.ImagePath)[0], side))).Distinct().ToDictionary();
    }

    [TestMethod]
    public void Open_ListOfPictures_TakesThoseAloneBeforeItDraws()
    {
        using var folder = Classes(("train/cat", 20), ("train/dog", 20), ("test/cat", 3), ("test/dog", 3));
        var all = ImageFolder.Open(folder.Path, new SplitOptions { ValidationFraction = 0 });
        HashSet<string> only = [.. all.Train.Where((_, i) => i % 2 == 0).Append(all.Test[1])
            .Select(image => Path.GetRelativePath(folder.Path, image.ImagePath))];

        var opened = ImageFolder.Open(folder.Path, new SplitOptions { ValidationFraction = 0.2 }, only);

        Assert.AreEqual("cat 8 2 1, dog 8 2 0", Sizes(opened));
        Assert.IsTrue(opened.Train.All(image => only.Contains(Path.GetRelativePath(folder.Path, image.ImagePath))));
    }

    [TestMethod]
    [DataRow("train/cat/0.jpg", "no picture of class 'dog'")]
    [DataRow("train/cat/99.jpg", "names 1 pictures that")]
    public void Open_ListThatDoesNotFit_IsRefused(string name, string fault)
    {
        using var folder = Classes(("train/cat", 20), ("train/dog", 20));
        HashSet<string> only = [Path.GetRelativePath(folder.Path, ImageFolder.ListLabeled(Path.Combine(folder.Path, "train"))[0].ImagePath)];
        if (name.Contains("99"))
            only.Add(name);

        var message = Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.Open(folder.Path, only: only)).Message;

        Assert.Contains(fault, message);
    }

    [TestMethod]
    public void Open_TwoValidationFolders_IsRefused()
    {
        using var folder = Classes(("train/cat", 9), ("train/dog", 9), ("val/dog", 4), ("valid/dog", 4));
        AssertRefused(folder.Path, "/val' and ", "Keep one of them");
    }

    [TestMethod]
    public void Open_ClassNamedTrain_IsAClass()
    {
        using var folder = Classes(("train", 10), ("plane", 10));

        Assert.AreEqual(
            "plane 10 0 0, train 10 0 0",
            Sizes(ImageFolder.Open(folder.Path, new SplitOptions { ValidationFraction = 0, TestFraction = 0 })));
    }

    [TestMethod]
    public void Open_ClassesUnknownToTrain_AreNamed()
    {
        using var folder = Classes(("train/cat", 9), ("train/dog", 9), ("test/cow", 2), ("test/cat", 2));
        AssertRefused(folder.Path, "classes that train/ has not: cow", "Known: cat, dog");
    }

    [TestMethod]
    public void Open_OneClass_IsRefused()
    {
        using var folder = Classes(("cat", 10));
        AssertRefused(folder.Path, "only the class 'cat'");
    }

    [TestMethod]
    public void Open_NoClasses_ShowsHowToLayThemOut()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(folder.Path, "has no class folders", "cat");
        folder.Write("1.jpg");
        AssertRefused(folder.Path, "has no class folders");
    }

    [TestMethod]
    public void Open_EmptyClass_IsNamed()
    {
        using var folder = Classes(("cat", 10), ("dog", 10));
        folder.Write("cow/readme.txt");
        AssertRefused(folder.Path, Path.Combine(folder.Path, "cow"), "has no pictures");
    }

    [TestMethod]
    public void Open_PicturesBesideTheClasses_AreNamed()
    {
        using var folder = Classes(("cat", 10), ("dog", 10));
        AssertRefused(folder.Path, folder.Write("stray.jpg"), "1 pictures beside its class folders");
    }

    [TestMethod]
    public void Open_NotAFolder_IsRefused()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(folder.Write("a.jpg"), "is a file");
        AssertRefused(Path.Combine(folder.Path, "nowhere"), "does not exist");
    }

    [TestMethod]
    public void Open_FractionsOutOfRange_NamesEach()
    {
        using var folder = Classes(("cat", 10), ("dog", 10));
        var split = new SplitOptions { ValidationFraction = -0.1, TestFraction = double.NaN };
        var fault = Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.Open(folder.Path, split));

        Assert.Contains("ValidationFraction is -0.1", fault.Message);
        Assert.Contains("TestFraction is NaN", fault.Message);
        split = new SplitOptions { ValidationFraction = 0.5, TestFraction = 0.5 };
        fault = Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.Open(folder.Path, split));
        Assert.Contains("below 1", fault.Message);
    }

    [TestMethod]
    public void Open_FractionsOutOfRangeWithADecimalComma_WritesNumbersAsEverywhere()
    {
        using var folder = Classes(("cat", 10), ("dog", 10));
        using var culture = new DecimalComma();
        foreach (var (split, text) in (IEnumerable<(SplitOptions, string)>)
        [
            (new() { ValidationFraction = -0.5, TestFraction = 1.5 }, "ValidationFraction is -0.5;"),
            (new() { ValidationFraction = -0.5, TestFraction = 1.5 }, "TestFraction is 1.5;"),
            (new() { ValidationFraction = 0.5, TestFraction = 0.75 }, "ValidationFraction 0.5 and TestFraction 0.75 "),
        ])
        {
            var fault = Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.Open(folder.Path, split));
            Assert.Contains(text, fault.Message);
        }
    }

    [TestMethod]
    public void Labeled_MixedFiles_TakesPicturesInOrdinalOrder()
    {
        using var folder = new TemporaryFolder();
        string[] pictures = ["b/Z.JPG", "b/a/deep/er/é.webp", "b/a.Jpeg", "ä/1.gif", "ä/2.tif"];
        foreach (var name in (string[])[.. pictures, "b/Thumbs.db", "b/notes.txt", "b/.hidden.jpg", ".git/x.jpg"])
        {
            folder.Write(name);
        }

        CollectionAssert.AreEqual(
            (string[])["b b/Z.JPG", "b b/a.Jpeg", "b b/a/deep/er/é.webp", "ä ä/1.gif", "ä ä/2.tif"],
            ImageFolder.ListLabeled(folder.Path + "/")
                .Select(image => $"{image.Label} {Path.GetRelativePath(folder.Path, image.ImagePath)}").ToArray());
    }

    [TestMethod]
    public void Labeled_Links_AreFollowedButNotInCircles()
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        elsewhere.Write("2.jpg");
        File.CreateSymbolicLink(folder.Write("cat/1.jpg") + ".png", elsewhere.Write("3.png"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "dog"), elsewhere.Path);
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "cat", "again"), folder.Path);

        CollectionAssert.AreEqual(
            (string[])["cat/1.jpg", "cat/1.jpg.png", "dog/2.jpg", "dog/3.png"],
            ImageFolder.ListLabeled(folder.Path)
                .Select(image => Path.GetRelativePath(folder.Path, image.ImagePath)).ToArray());
    }

    internal static TemporaryFolder Classes(params (string Name, int Pictures)[] classes)
    {
        var folder = new TemporaryFolder();
        foreach (var (name, pictures) in classes)
        {
            for (var i = 0; i < pictures; i++)
            {
                folder.Write($"{name}/{i}.jpg");
            }
        }

        return folder;
    }

    private static void AssertRefused(string path, params string[] parts)
    {
        var fault = Assert.ThrowsExactly<AlexNetException>(() => ImageFolder.Open(path));
        foreach (var part in parts)
        {
            Assert.Contains(part, fault.Message);
        }
    }

    private static string Sizes(ImageFolder folder) => string.Join(", ", folder.Classes.Select(name =>
        $"{name} {Count(folder.Train, name)} {Count(folder.Validation, name)} {Count(folder.Test, name)}"));

    private static int Count(IReadOnlyList<LabeledImage> images, string name) =>
        images.Count(image => image.Label == name);
}
