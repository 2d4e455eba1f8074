using System.Runtime.Versioning;
using MlNetAlexNet.Training.Engine;
using TorchSharp;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class NativeLibTorchTests
{
    private readonly string _cache = Directory.CreateTempSubdirectory("NativeLibTorchTests-").FullName;

    [TestCleanup]
    public void DeleteCache() => Directory.Delete(_cache, recursive: true);

    [TestMethod]
    public void EnsureLoaded_ThenATensorSum_IsRight()
    {
        NativeLibTorch.EnsureLoaded();
        NativeLibTorch.EnsureLoaded();

        using var scope = torch.NewDisposeScope();
        Assert.AreEqual(10f, torch.tensor(new float[] { 1, 2, 3, 4 }).sum().item<float>());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void PatchedCopy_OfTheRealBinding_NeedsNoVersionThatGcc12Lacks()
    {
        var original = File.ReadAllBytes(NativeLibTorch.FindBinding());
        var patched = File.ReadAllBytes(NativeLibTorch.PatchedCopy(NativeLibTorch.FindBinding(), _cache));

        CollectionAssert.Contains(LibTorchSharpPatch.NeededVersions(original).ToList(), "GLIBCXX_3.4.32");
        CollectionAssert.DoesNotContain(LibTorchSharpPatch.NeededVersions(patched).ToList(), "GLIBCXX_3.4.32");
        Assert.AreEqual(1, Occurrences(original, "_ZSt21ios_base_library_initv\0"u8));
        Assert.AreEqual(0, Occurrences(patched, "_ZSt21ios_base_library_initv\0"u8));
        Assert.AreEqual(
            Occurrences(original, "_ZNSt8ios_base4InitC1Ev\0"u8) + 1,
            Occurrences(patched, "_ZNSt8ios_base4InitC1Ev\0"u8));
        Assert.HasCount(original.Length, patched);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void PatchedCopy_Damaged_IsWrittenAgain()
    {
        var copy = NativeLibTorch.PatchedCopy(NativeLibTorch.FindBinding(), _cache);
        var whole = File.ReadAllBytes(copy);
        File.WriteAllBytes(copy, whole[..1000]);

        Assert.AreEqual(copy, NativeLibTorch.PatchedCopy(NativeLibTorch.FindBinding(), _cache));
        CollectionAssert.AreEqual(whole, File.ReadAllBytes(copy));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void PatchedCopy_ByManyAtOnce_LeavesTheWholeFileAndNothingElse()
    {
        var copies = new string[8];
        Parallel.For(0, copies.Length, i =>
            copies[i] = NativeLibTorch.PatchedCopy(NativeLibTorch.FindBinding(), _cache));

        Assert.HasCount(1, copies.Distinct());
        Assert.HasCount(1, Directory.EnumerateFiles(_cache, "*", SearchOption.AllDirectories));
        CollectionAssert.AreEqual(
            LibTorchSharpPatch.Apply(File.ReadAllBytes(NativeLibTorch.FindBinding())), File.ReadAllBytes(copies[0]));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [SupportedOSPlatform("linux")]
    public void PatchedCopy_CacheThatCannotBeWritten_LiesInTheFallbackAndIsUsedAgain()
    {
        var binding = NativeLibTorch.FindBinding();
        var file = Path.Combine(_cache, "file"); // root may write to any folder, but not into a file
        File.WriteAllText(file, "");
        var (cache, fallback) = (Path.Combine(file, "native"), Path.Combine(_cache, "fallback"));

        var copy = NativeLibTorch.PatchedCopy(binding, cache, fallback);
        var written = File.GetLastWriteTimeUtc(copy);

        Assert.StartsWith(fallback, copy);
        Assert.AreEqual(copy, NativeLibTorch.PatchedCopy(binding, cache, fallback));
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(copy));
        Assert.HasCount(1, Directory.EnumerateFiles(fallback, "*", SearchOption.AllDirectories));
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.AreEqual(Own, File.GetUnixFileMode(fallback));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void PatchedCopy_CacheThatCanBeWritten_LeavesTheFallbackAlone()
    {
        var fallback = Path.Combine(_cache, "fallback");

        Assert.StartsWith(_cache, NativeLibTorch.PatchedCopy(NativeLibTorch.FindBinding(), _cache, fallback));
        Assert.IsFalse(Directory.Exists(fallback));
    }

    [TestMethod]
    public void Apply_NotAnElfFile_IsRefused() =>
        Assert.ThrowsExactly<BadImageFormatException>(() => LibTorchSharpPatch.Apply(new byte[100]));

    private static int Occurrences(ReadOnlySpan<byte> file, ReadOnlySpan<byte> text) => file.Count(text);
}
