using System.Diagnostics;
using System.IO.Compression;

namespace MlNetAlexNet.Cli.Tests;

/// <summary>
/// <c>train</c> with the LibTorch of a folder, each in a process of its own, since a process loads one LibTorch only: a
/// copy of the package's own by links, whole or with one thing changed.
/// </summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class LibTorchTests : IDisposable
{
    private const string Main = "libtorch_cpu.so";
    private const string Version = "build-version";

    private readonly TemporaryFolder _folder = new();

    private string Torch => Path.Combine(_folder.Path, "torch");

    [TestInitialize]
    public void Prepare()
    {
        ColoredPictures.Draw(Path.Combine(_folder.Path, "data"), 5);
        SmallStack.WriteTo(_folder);
        Directory.CreateDirectory(Library(""));
        var app = Path.GetDirectoryName(typeof(CommandLine).Assembly.Location)!;
        var main = new FileInfo(Path.Combine(app, "runtimes", "linux-x64", "native", Main));
        var package = Path.GetDirectoryName(main.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? main.FullName)!;
        foreach (var file in Directory.GetFiles(package, "*.so*"))
            File.CreateSymbolicLink(Library(Path.GetFileName(file)), file);
        _folder.Write($"torch/{Version}", "2.10.0+cpu\n"u8.ToArray());
    }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public async Task Train_WithACopyOfThePackagesLibTorch_WritesTheSameNetworkToTheByte()
    {
        var plain = await Train("plain", libTorch: "");
        var other = await Train("other", Torch);

        Assert.AreEqual(0, plain.ExitCode, plain.Error);
        Assert.AreEqual(0, other.ExitCode, other.Error);
        Assert.DoesNotContain("LibTorch", plain.Out, "An empty variable is as none.");
        StringAssert.StartsWith(other.Out, $"LibTorch   2.10.0+cpu in {Torch}\nPictures ");
        CollectionAssert.AreEqual(Network("plain"), Network("other"));
    }

    [TestMethod]
    public async Task Train_LibTorchOfAnotherVersion_WarnsAndGoesOn()
    {
        File.Delete(Path.Combine(Torch, Version));
        _folder.Write("torch/version.txt", "2.11.0\n"u8.ToArray());

        var result = await Train("run", Torch);

        Assert.AreEqual(0, result.ExitCode, result.Error);
        StringAssert.StartsWith(
            result.OutWords,
            $"LibTorch 2.11.0 in {Torch} Warning The LibTorch in '{Torch}' is of version 2.11.0.");
        Assert.IsTrue(File.Exists(Path.Combine(_folder.Path, "run", "model.zip")));
    }

    [TestMethod]
    public async Task Train_LibTorchFlag_GoesBeforeTheVariable()
    {
        var result = await Train("run", Torch, "--libtorch", "elsewhere");

        Refused(result, Path.Combine(_folder.Path, "elsewhere"), "the folder does not exist");
    }

    [TestMethod]
    public async Task Train_EmptyFolder_IsRefusedBeforeAPictureIsDecoded()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "empty"));

        Refused(await Train("run", "empty"), Path.Combine(_folder.Path, "empty"), "it lacks 'libc10.so'");
    }

    [TestMethod]
    [DataRow(Main)]
    [DataRow("libtorch.so")]
    public async Task Train_LibraryMissing_IsRefusedBeforeAPictureIsDecoded(string library)
    {
        File.Delete(Library(library));

        Refused(await Train("run", Torch), Torch, "(version 2.10.0+cpu)", $"it lacks '{library}'");
    }

    [TestMethod]
    public async Task Train_LibraryCutShort_IsRefusedBeforeAPictureIsDecoded()
    {
        var start = new byte[1 << 20];
        using (var whole = File.OpenRead(Library(Main)))
            await whole.ReadExactlyAsync(start);
        File.Delete(Library(Main)); // the link, not what it leads to
        await File.WriteAllBytesAsync(Library(Main), start);

        Refused(await Train("run", Torch), Torch, $"its '{Main}' is cut short: it has 1048576 bytes of ");
    }

    [TestMethod]
    public async Task Train_LibraryThatItNeedsMissing_IsRefusedBeforeAPictureIsDecoded()
    {
        var openMp = Path.GetFileName(Directory.GetFiles(Library(""), "libgomp*").Single());
        File.Delete(Library(openMp));

        Refused(await Train("run", Torch), Torch, openMp);
    }

    private string Library(string name) => Path.Combine(Torch, "lib", name);

    // The network is by far the largest part of the zip.
    private byte[] Network(string run)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(_folder.Path, run, "model.zip"));
        using var stream = zip.Entries.MaxBy(entry => entry.Length)!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private void Refused(Invocation result, params string[] words)
    {
        Assert.AreEqual(2, result.ExitCode, result.Error);
        Assert.AreEqual("", result.Out);
        StringAssert.StartsWith(result.Error, "error: LibTorch in '");
        foreach (var word in words)
            StringAssert.Contains(result.Error, word);
        StringAssert.Contains(result.Error, "Name the folder that has lib/libtorch_cpu.so");
        Assert.IsFalse(Directory.Exists(Path.Combine(_folder.Path, "pixels")), "Pictures were decoded.");
    }

    private async Task<Invocation> Train(string run, string libTorch, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            typeof(CommandLine).Assembly.Location, "train", "data", "--model", "stack.json", "--epochs", "1",
            "--batch-size", "4", "--output", run, "--pixel-cache", "pixels", "--precision", "Float32", "--device", "Cpu", .. more,
        ])
        {
            WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["LIBTORCH"] = libTorch;
        using var training = Process.Start(start)!;
        var (output, error) = (training.StandardOutput.ReadToEndAsync(), training.StandardError.ReadToEndAsync());
        await training.WaitForExitAsync();
        return new Invocation(training.ExitCode, await output, await error);
    }
}
