using System.Text.RegularExpressions;
using MlNetAlexNet.Inspection;

namespace MlNetAlexNet.Tests.Inspection;

[TestClass]
public sealed class PictureListTests
{
    [TestMethod]
    public void Read_WhatWriteWrote_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        var list = Path.Combine(folder.Path, "list.txt");
        string[] names = ["train/größe/ a .jpg", "b/c\td.png", "b/\"quoted\", #1.jpg", "z/日本\u2028.webp"];

        PictureList.Write(list, names);

        Assert.IsTrue(PictureList.Read(list).SetEquals(names));
        CollectionAssert.AreEqual("train/größe/ a .jpg\n"u8.ToArray(), File.ReadAllBytes(list)[..22]);
    }

    [TestMethod]
    public void Read_FileOfAnEditorOnWindows_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        var list = folder.Write("list.txt", [0xEF, 0xBB, 0xBF, .. "a/1.jpg\r\n\r\nb/2.jpg\r\n"u8]);

        Assert.IsTrue(PictureList.Read(list).SetEquals(["a/1.jpg", "b/2.jpg"]));
    }

    [TestMethod]
    [DataRow("a/line\nbreak.jpg", "line break")]
    [DataRow("a/end.jpg\r", "line break")]
    [DataRow("a/\\ud800.jpg", "no text in Unicode")] // an attribute cannot hold it
    public void Write_NameThatCannotStandOnALine_IsRefusedByNameAndNothingIsWritten(string name, string fault)
    {
        using var folder = new TemporaryFolder();
        var list = Path.Combine(folder.Path, "list.txt");

        var message = Assert.ThrowsExactly<AlexNetException>(() => PictureList.Write(list, ["a/fine.jpg", Regex.Unescape(name)])).Message;

        Assert.Contains(fault, message);
        Assert.Contains("a/", message);
        Assert.HasCount(0, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void Read_WhatIsNoList_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var (empty, picture) = (folder.Write("empty.txt", "\n\n"u8.ToArray()), folder.Write("picture.jpg", [0xFF, 0xD8, 0xFF]));

        Assert.Contains("names no picture", Assert.ThrowsExactly<AlexNetException>(() => PictureList.Read(empty)).Message);
        Assert.Contains("no text in UTF-8", Assert.ThrowsExactly<AlexNetException>(() => PictureList.Read(picture)).Message);
        Assert.Contains("cannot be read", Assert.ThrowsExactly<AlexNetException>(() => PictureList.Read(folder.Path)).Message);
        Assert.Contains("cannot be read", Assert.ThrowsExactly<AlexNetException>(() => PictureList.Read(empty + "x")).Message);
    }
}
