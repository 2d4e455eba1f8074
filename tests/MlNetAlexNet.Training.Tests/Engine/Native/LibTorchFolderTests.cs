using MlNetAlexNet.Training.Engine.Native;

namespace MlNetAlexNet.Training.Tests.Engine.Native;

/// <summary>Copies of the package's own LibTorch, by links, with one thing changed.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class LibTorchFolderTests : IDisposable
{
    private static readonly string Package = Path.GetDirectoryName(
        new FileInfo(Path.Combine(Path.GetDirectoryName(NativeLibTorch.FindBinding())!, "libtorch_cpu.so"))
            .ResolveLinkTarget(returnFinalTarget: true)?.FullName
        ?? Path.Combine(Path.GetDirectoryName(NativeLibTorch.FindBinding())!, "libtorch_cpu.so"))!;

    private readonly TemporaryFolder _folder = new();

    [TestInitialize]
    public void Link()
    {
        Directory.CreateDirectory(Library(""));
        foreach (var file in Directory.GetFiles(Package, "*.so*"))
            File.CreateSymbolicLink(Library(Path.GetFileName(file)), file);
        File.WriteAllText(Path.Combine(_folder.Path, "build-version"), "2.10.0+cpu\n");
    }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Open_WholeOfTheRightVersion_IsTakenWithoutAWord()
    {
        var folder = LibTorchFolder.Open(_folder.Path);

        Assert.AreEqual("2.10.0+cpu", folder.Version);
        Assert.IsNull(folder.Warning);
        CollectionAssert.AreEqual(
            (string[])[Library("libc10.so"), Library("libtorch_cpu.so"), Library("libtorch.so")], folder.Files.ToArray());
    }

    [TestMethod]
    public void Open_FolderOfTheLibrariesThemselves_IsTaken() =>
        Assert.AreEqual(Library("libtorch.so"), LibTorchFolder.Open(Library("")).Files.Last());

    [TestMethod]
    [DataRow("version.txt", "2.11.0", "2.11.0")]
    [DataRow("version.py", "__version__ = '2.9.1+cu128'\ndebug = False\n", "2.9.1+cu128")]
    public void Open_AnotherVersion_IsTriedWithAWarning(string file, string text, string version)
    {
        File.Delete(Path.Combine(_folder.Path, "build-version"));
        File.WriteAllText(Path.Combine(_folder.Path, file), text);

        var folder = LibTorchFolder.Open(_folder.Path);

        Assert.AreEqual(version, folder.Version);
        StringAssert.Contains(folder.Warning, $"version {version}");
        StringAssert.Contains(folder.Warning, LibTorchFolder.BuiltAgainst);
    }

    [TestMethod]
    public void Open_NoVersion_IsTriedWithAWarning()
    {
        File.Delete(Path.Combine(_folder.Path, "build-version"));

        StringAssert.Contains(LibTorchFolder.Open(_folder.Path).Warning, "does not say its version");
    }

    [TestMethod]
    public void Open_NoFolder_IsRefused() => Refused(Path.Combine(_folder.Path, "none"), "does not exist");

    [TestMethod]
    public void Open_LibraryMissing_IsRefusedWithFolderVersionAndAdvice()
    {
        File.Delete(Library("libtorch.so"));

        Refused(_folder.Path, $"'{_folder.Path}' (version 2.10.0+cpu)", "lacks 'libtorch.so'", "lib/libtorch_cpu.so");
    }

    [TestMethod]
    public void Open_OfWindows_IsRefusedAsSuch()
    {
        foreach (var file in Directory.GetFiles(Library("")))
            File.Delete(file);
        File.WriteAllText(Library("torch_cpu.dll"), "");

        Refused(_folder.Path, "it is one for Windows");
    }

    [TestMethod]
    [DataRow(10)]
    [DataRow(4000)]
    [DataRow(7000)]
    public void Open_LibraryCutShort_IsRefusedBeforeItIsMapped(int bytes)
    {
        var whole = File.ReadAllBytes(Library("libtorch.so"));
        Replace("libtorch.so", whole[..bytes]);

        Refused(_folder.Path, "'libtorch.so'", "cut short");
    }

    [TestMethod]
    public void Open_NoLibraryByItsContent_IsRefused()
    {
        Replace("libc10.so", new byte[1000]);

        Refused(_folder.Path, "'libc10.so'", "is no library of Linux");
    }

    [TestMethod]
    public void Open_OfAnotherProcessor_IsRefused()
    {
        var library = File.ReadAllBytes(Library("libtorch.so"));
        library[18] = 243; // EM_RISCV
        Replace("libtorch.so", library);

        Refused(_folder.Path, "another processor", "243");
    }

    [TestMethod]
    public void Make_OfTheStub_ChangesItsNameAlone()
    {
        var stub = File.ReadAllBytes(Library("libtorch.so"));

        var alias = TorchCpuAlias.Make(stub);

        Assert.AreEqual(1, stub.Zip(alias).Count(pair => pair.First != pair.Second));
        Assert.ThrowsExactly<BadImageFormatException>(() => TorchCpuAlias.Make(File.ReadAllBytes(Library("libc10.so"))));
    }

    private string Library(string name) => Path.Combine(_folder.Path, "lib", name);

    private void Replace(string name, byte[] content)
    {
        File.Delete(Library(name)); // the link, not what it leads to
        File.WriteAllBytes(Library(name), content);
    }

    private static void Refused(string path, params string[] words)
    {
        var message = Assert.ThrowsExactly<AlexNetException>(() => LibTorchFolder.Open(path)).Message;
        foreach (var word in words)
            StringAssert.Contains(message, word);
    }
}
