using MlNetAlexNet.Images;

namespace MlNetAlexNet.Tests.Images;

[TestClass]
public sealed class ImagePathsTests
{
    private static readonly string[] Files =
        ["1.jpg", "2.PNG", "notes.txt", "cat/3.jpg", "cat/old/4.jpg", "dog/5.webp", "dog/.6.jpg", "odd [1]*.jpg"];

    [TestMethod]
    [DataRow("1.jpg", "1.jpg")]
    [DataRow("notes.txt", "notes.txt")]
    [DataRow("cat", "cat/3.jpg cat/old/4.jpg")]
    [DataRow("*.jpg", "1.jpg odd [1]*.jpg")]
    [DataRow("?.*", "1.jpg 2.PNG")]
    [DataRow("*/*.jpg", "cat/3.jpg")]
    [DataRow("**/*.jpg", "1.jpg cat/3.jpg cat/old/4.jpg odd [1]*.jpg")]
    [DataRow("cat/**", "cat/3.jpg cat/old/4.jpg")]
    [DataRow("**/old/*", "cat/old/4.jpg")]
    [DataRow("?o*", "dog/5.webp")]
    [DataRow("odd [1]*.jpg", "odd [1]*.jpg")]
    public void Expand_Entry_GivesItsPictures(string entry, string expected)
    {
        using var folder = Filled();
        var found = ImagePaths.Expand([Path.Combine(folder.Path, entry)]);

        Assert.AreEqual(expected, Relative(folder, found));
    }

    [TestMethod]
    public void Expand_SeveralEntries_KeepsTheirOrderAndDropsRepeats()
    {
        using var folder = Filled();
        var found = ImagePaths.Expand(
            ((string[])["dog", "cat/old/4.jpg", "**/*.jpg"]).Select(entry => Path.Combine(folder.Path, entry)));

        Assert.AreEqual("dog/5.webp cat/old/4.jpg 1.jpg cat/3.jpg odd [1]*.jpg", Relative(folder, found));
    }

    [TestMethod]
    public void Expand_RelativePattern_GivesRelativePaths()
    {
        using var folder = Filled();
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), folder.Path);

        CollectionAssert.AreEqual(
            (string[])[Path.Combine(relative, "cat/3.jpg")],
            ImagePaths.Expand([Path.Combine(relative, "c*", "*.jpg")]).ToArray());
    }

    [TestMethod]
    [DataRow("nothing.jpg", "does not exist")]
    [DataRow("*.bmp", "matches no picture")]
    [DataRow("no*/**/1.jpg", "matches no picture")]
    [DataRow("*.txt", "matches no picture")]
    public void Expand_NothingFound_NamesTheEntry(string entry, string reason)
    {
        using var folder = Filled();
        var path = Path.Combine(folder.Path, entry);
        var fault = Assert.ThrowsExactly<AlexNetException>(() => ImagePaths.Expand([path]));

        Assert.Contains($"'{path}'", fault.Message);
        Assert.Contains(reason, fault.Message);
    }

    [TestMethod]
    public void Expand_FolderWithoutPictures_NamesIt()
    {
        using var folder = new TemporaryFolder();
        var fault = Assert.ThrowsExactly<AlexNetException>(() => ImagePaths.Expand([folder.Path]));

        Assert.Contains($"'{folder.Path}' has no pictures", fault.Message);
    }

    private static TemporaryFolder Filled()
    {
        var folder = new TemporaryFolder();
        foreach (var file in Files)
        {
            folder.Write(file);
        }

        return folder;
    }

    private static string Relative(TemporaryFolder folder, IEnumerable<string> paths) =>
        string.Join(" ", paths.Select(path => Path.GetRelativePath(folder.Path, path)));
}
