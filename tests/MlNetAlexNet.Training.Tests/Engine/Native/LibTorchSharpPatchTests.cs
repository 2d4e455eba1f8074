using MlNetAlexNet.Training.Engine.Native;
using TorchSharp;

namespace MlNetAlexNet.Training.Tests.Engine.Native;

[TestClass]
public sealed class LibTorchSharpPatchTests
{
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Apply_TheRealBinding_NeedsNoVersionThatGcc12Lacks()
    {
        var original = File.ReadAllBytes(NativeLibTorch.FindBinding());
        var patched = LibTorchSharpPatch.Apply(original);

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
    public void Apply_NotAnElfFile_IsRefused() =>
        Assert.ThrowsExactly<BadImageFormatException>(() => LibTorchSharpPatch.Apply(new byte[100]));

    [TestMethod]
    public void BuiltAgainst_IsWhatTorchSharpSays() =>
        Assert.StartsWith(LibTorchFolder.BuiltAgainst + ".", torch.__version__);

    private static int Occurrences(ReadOnlySpan<byte> file, ReadOnlySpan<byte> text) => file.Count(text);
}
