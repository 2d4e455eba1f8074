using System.Runtime.Versioning;
using MlNetAlexNet.Training.Engine.Native;

namespace MlNetAlexNet.Training.Tests.Engine.Native;

[TestClass]
public sealed class PatchedLibraryTests
{
    private const string Name = "lib.so";
    private static readonly byte[] Library = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)];

    private readonly string _cache = Directory.CreateTempSubdirectory("PatchedLibraryTests-").FullName;

    [TestCleanup]
    public void DeleteCache() => Directory.Delete(_cache, recursive: true);

    [TestMethod]
    public void Keep_Damaged_IsWrittenAgain()
    {
        var copy = PatchedLibrary.Keep(Library, Name, _cache);
        File.WriteAllBytes(copy, Library[..1000]);

        Assert.AreEqual(copy, PatchedLibrary.Keep(Library, Name, _cache));
        CollectionAssert.AreEqual(Library, File.ReadAllBytes(copy));
    }

    [TestMethod]
    public void Keep_ByManyAtOnce_LeavesTheWholeFileAndNothingElse()
    {
        var copies = new string[8];
        Parallel.For(0, copies.Length, i => copies[i] = PatchedLibrary.Keep(Library, Name, _cache));

        Assert.HasCount(1, copies.Distinct());
        Assert.HasCount(1, Directory.EnumerateFiles(_cache, "*", SearchOption.AllDirectories));
        CollectionAssert.AreEqual(Library, File.ReadAllBytes(copies[0]));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [SupportedOSPlatform("linux")]
    public void Keep_CacheThatCannotBeWritten_LiesInTheFallbackAndIsUsedAgain()
    {
        var file = Path.Combine(_cache, "file"); // root may write to any folder, but not into a file
        File.WriteAllText(file, "");
        var (cache, fallback) = (Path.Combine(file, "native"), Path.Combine(_cache, "fallback"));

        var copy = PatchedLibrary.Keep(Library, Name, cache, fallback);
        var written = File.GetLastWriteTimeUtc(copy);

        Assert.StartsWith(fallback, copy);
        Assert.AreEqual(copy, PatchedLibrary.Keep(Library, Name, cache, fallback));
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(copy));
        Assert.HasCount(1, Directory.EnumerateFiles(fallback, "*", SearchOption.AllDirectories));
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.AreEqual(Own, File.GetUnixFileMode(fallback));
    }

    [TestMethod]
    public void Keep_CacheThatCanBeWritten_LeavesTheFallbackAlone()
    {
        var fallback = Path.Combine(_cache, "fallback");

        Assert.StartsWith(_cache, PatchedLibrary.Keep(Library, Name, _cache, fallback));
        Assert.IsFalse(Directory.Exists(fallback));
    }
}
