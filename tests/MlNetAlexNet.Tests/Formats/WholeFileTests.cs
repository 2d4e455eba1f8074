using MlNetAlexNet.Formats;

namespace MlNetAlexNet.Tests.Formats;

[TestClass]
public sealed class WholeFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void WriteText_NewFolder_HoldsTheTextWithoutAByteOrderMark()
    {
        var path = Path.Combine(_folder.Path, "a", "b.txt");

        WholeFile.WriteText(path, "ä");

        CollectionAssert.AreEqual("ä"u8.ToArray(), File.ReadAllBytes(path));
    }

    [TestMethod]
    public void Make_ThatFails_LeavesTheOldFileAlone()
    {
        var path = _folder.Write("a.txt", [1]);

        Assert.ThrowsExactly<InvalidOperationException>(() => WholeFile.Make(path, unfinished =>
        {
            File.WriteAllText(unfinished, "half");
            throw new InvalidOperationException();
        }));

        CollectionAssert.AreEqual(new[] { path }, Directory.GetFiles(_folder.Path));
        Assert.AreEqual(1, new FileInfo(path).Length);
    }

    [TestMethod]
    public void Write_BelowAFile_SaysWhere() => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(
            () => WholeFile.Write(Path.Combine(_folder.Write("taken"), "a.txt"), _ => { })).Message,
        "cannot be written");
}
