using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Makes TorchSharp loadable where the system's C++ library is older than GCC 13, as on Debian 12. There
/// <c>libLibTorchSharp.so</c> is refused for one version name; a patched copy in the user's cache folder is loaded in
/// its stead, and TorchSharp then finds that copy by its soname. Elsewhere nothing is loaded by hand.
/// </summary>
internal static class NativeLibTorch
{
    private const string Binding = "libLibTorchSharp.so";

    // What the binding needs, each after what it needs itself; the copy lies in another folder and would not find them.
    private static readonly string[] Dependencies = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    private static readonly Lazy<bool> Loaded = new(Load);

    // Not created here: a home that cannot be written to is no error.
    private static string UserCache => Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "MlNetAlexNet",
        "native");

    // The same for every process of the user, so that the copy is made once.
    private static string TemporaryCache => Path.Combine(Path.GetTempPath(), $"MlNetAlexNet-{Environment.UserName}");

    /// <summary>To be called before the first use of TorchSharp; every call but the first does nothing.</summary>
    /// <exception cref="AlexNetException">The native libraries are not beside the app, or do not load.</exception>
    internal static void EnsureLoaded() => _ = Loaded.Value;

    /// <summary>The binding as the host finds it: beside the app or in its <c>runtimes/RID/native</c>.</summary>
    /// <exception cref="AlexNetException">There is none.</exception>
    internal static string FindBinding()
    {
        // The host resolves these from the app's deps.json, for outputs, published apps and file-based scripts alike.
        var hosted = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        var folders = hosted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"))
            .ToList();
        return folders.Select(folder => Path.Combine(folder, Binding)).FirstOrDefault(File.Exists)
            ?? throw new AlexNetException(
                $"{Binding} is in none of {string.Join(", ", folders)}. Build the app for this system " +
                $"({RuntimeInformation.RuntimeIdentifier}), or copy its runtimes folder along with it.");
    }

    /// <summary>
    /// The patched copy below <paramref name="cache"/> or, where that cannot be written, as in a container without a
    /// home, below <paramref name="fallback"/>, which is then this user's alone.
    /// </summary>
    internal static string PatchedCopy(string binding, string cache, string fallback)
    {
        try
        {
            return PatchedCopy(binding, cache);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Directory.CreateDirectory(fallback);
            if (!OperatingSystem.IsWindows())
            {
                // Fails when another user made the folder, who could put other code into it.
                File.SetUnixFileMode(
                    fallback, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return PatchedCopy(binding, fallback);
        }
    }

    /// <summary>
    /// Writes the patched copy of <paramref name="binding"/> below <paramref name="cache"/>, unless it lies there
    /// whole, and returns its path. Safe when several processes do so at once.
    /// </summary>
    /// <param name="binding">The original file; it is only read.</param>
    /// <param name="cache">Created when missing; holds a folder for each version of TorchSharp.</param>
    internal static string PatchedCopy(string binding, string cache)
    {
        var patched = LibTorchSharpPatch.Apply(File.ReadAllBytes(binding));
        var folder = Path.Combine(cache, Convert.ToHexStringLower(SHA256.HashData(patched))[..16]);
        var copy = Path.Combine(folder, Binding);
        if (File.Exists(copy) && File.ReadAllBytes(copy).AsSpan().SequenceEqual(patched))
        {
            return copy;
        }

        Directory.CreateDirectory(folder);
        var half = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            File.WriteAllBytes(half, patched);
            File.Move(half, copy, overwrite: true);
        }
        finally
        {
            File.Delete(half);
        }

        return copy;
    }

    private static bool Load()
    {
        if (!OperatingSystem.IsLinux() || SystemHasSymbol())
        {
            return false;
        }

        var binding = FindBinding();
        try
        {
            foreach (var dependency in Dependencies)
            {
                NativeLibrary.Load(Path.Combine(Path.GetDirectoryName(binding)!, dependency));
            }

            NativeLibrary.Load(PatchedCopy(binding, UserCache, TemporaryCache));
            return true;
        }
        catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException or IOException
            or UnauthorizedAccessException)
        {
            throw new AlexNetException(
                $"LibTorch does not load beside this system's C++ library, older than GCC 13: {fault.Message}", fault);
        }
    }

    // Only a C++ library of GCC 13 or later has it, so the version need not be read out of the file.
    private static bool SystemHasSymbol() =>
        NativeLibrary.TryLoad("libstdc++.so.6", out var library) &&
        NativeLibrary.TryGetExport(library, LibTorchSharpPatch.MissingSymbol, out _);
}
