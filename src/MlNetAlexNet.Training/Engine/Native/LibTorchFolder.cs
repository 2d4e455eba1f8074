using System.Text.RegularExpressions;

namespace MlNetAlexNet.Training.Engine.Native;

/// <summary>
/// A LibTorch that is on the machine already: unpacked from PyTorch's zip, or the <c>torch</c> folder of a Python
/// installation.
/// </summary>
/// <param name="Path">The folder as it was named.</param>
/// <param name="Libraries">The folder in it that holds the libraries.</param>
/// <param name="Version">Its version, such as <c>2.10.0+cu128</c>; null if it does not say.</param>
internal sealed partial record LibTorchFolder(string Path, string Libraries, string? Version)
{
    /// <summary>The minor version that TorchSharp is built against (TorchSharp, Torch.cs, <c>libtorchPackageVersion</c>).</summary>
    public const string BuiltAgainst = "2.10";

    /// <summary>The variable of the environment that names the folder, as for other bindings of LibTorch.</summary>
    public const string Variable = "LIBTORCH";

    /// <summary>The library that every LibTorch has.</summary>
    public const string Main = "libtorch_cpu.so";

    /// <summary>The library that those for GPUs have beside it.</summary>
    public const string Cuda = "libtorch_cuda.so";

    // What TorchSharp needs, each after what it needs itself; a build for GPUs has the last two as well.
    private static readonly string[] s_needed = ["libc10.so", Main, "libtorch.so"];
    private static readonly string[] s_cuda = ["libc10_cuda.so", Cuda];

    // PyTorch's zip says build-version, a Python installation version.py; either may be beside the other's.
    private static readonly string[] s_versionFiles = ["version.txt", "build-version", "version.py"];

    /// <summary>The libraries to load, in that order.</summary>
    public IEnumerable<string> Files => s_needed[..^1].Concat(IsCuda ? s_cuda : []).Append(s_needed[^1])
        .Select(name => System.IO.Path.Combine(Libraries, name));

    /// <summary>What may go wrong with that version, in words; null if it is the one that TorchSharp is built against.</summary>
    public string? Warning => Version is null
        ? $"The LibTorch in '{Path}' does not say its version; {BuiltAgainst} is the one it should have."
        : Version == BuiltAgainst || Version.StartsWith($"{BuiltAgainst}.", StringComparison.Ordinal)
            ? null
            : $"The LibTorch in '{Path}' is of version {Version}. It is tried, but {BuiltAgainst} is the one that this "
                + "library is built against: trust no result before you have compared it.";

    private bool IsCuda => File.Exists(System.IO.Path.Combine(Libraries, Cuda));

    /// <summary>That of the package.</summary>
    public static LibTorchFolder BesideTheApp(string libraries) => new(libraries, libraries, Version: null);

    /// <summary>Looks at the folder, without loading anything.</summary>
    /// <exception cref="AlexNetException">It holds no LibTorch, or one that cannot be loaded here.</exception>
    public static LibTorchFolder Open(string path)
    {
        if (!Directory.Exists(path))
            throw Refused(path, null, "the folder does not exist");

        var inner = System.IO.Path.Combine(path, "lib");
        var folder = new LibTorchFolder(path, Directory.Exists(inner) ? inner : path, ReadVersion(path));
        foreach (var file in folder.Files)
        {
            var name = System.IO.Path.GetFileName(file);
            if (!File.Exists(file))
                throw Refused(path, folder.Version, $"it lacks '{name}'{OtherSystem(folder.Libraries)}");

            if (ElfFile.FaultOf(file) is { } fault)
                throw Refused(path, folder.Version, $"its '{name}' {fault}");
        }

        return folder;
    }

    /// <summary>The error that names the folder, its version, what is wrong and what to do.</summary>
    public static AlexNetException Refused(string path, string? version, string why, Exception? fault = null) => new(
        $"LibTorch in '{path}'{(version is null ? "" : $" (version {version})")} cannot be used: {why}. Name the folder that "
        + $"has lib/libtorch_cpu.so, of LibTorch {BuiltAgainst} for this system, such as 'torch' in the site-packages of a "
        + "Python that has PyTorch; or none, to use the LibTorch that comes with the app.",
        fault!);

    private static string OtherSystem(string libraries) =>
        File.Exists(System.IO.Path.Combine(libraries, "torch_cpu.dll")) ? "; it is one for Windows"
        : File.Exists(System.IO.Path.Combine(libraries, "libtorch_cpu.dylib")) ? "; it is one for macOS"
        : "";

    private static string? ReadVersion(string path) => s_versionFiles
        .Select(name => System.IO.Path.Combine(path, name))
        .Where(File.Exists)
        .Select(file => VersionNumber().Match(File.ReadAllText(file)))
        .FirstOrDefault(match => match.Success)?.Value;

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?[\w.+]*")]
    private static partial Regex VersionNumber();
}
