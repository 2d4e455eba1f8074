using System.Runtime.InteropServices;

namespace MlNetAlexNet.Training.Engine.Native;

/// <summary>
/// Loads LibTorch and TorchSharp's binding to it, once a process. By hand in two cases, else as TorchSharp does itself:
/// a <see cref="LibTorchFolder"/> takes the place of the LibTorch beside the app; and where the system's C++ library is
/// older than GCC 13, as on Debian 12, <c>libLibTorchSharp.so</c> is refused for one version name, so that a patched copy
/// in the user's cache folder is loaded in its stead. TorchSharp finds what is loaded by its soname.
/// </summary>
internal static partial class NativeLibTorch
{
    private const string Binding = "libLibTorchSharp.so";

    // RTLD_NOW (dlfcn.h): a symbol that is missing shows when a library is loaded, not by the end of the process later.
    private const int Now = 2;

    private static readonly Lock Gate = new();
    private static bool _isLoaded;
    private static LibTorchFolder? _folder;

    /// <summary>To be called before the first use of TorchSharp; calls after the first do nothing.</summary>
    /// <param name="libTorch">A folder with a LibTorch; null for the one beside the app.</param>
    /// <returns>That folder; null for the one beside the app.</returns>
    /// <exception cref="AlexNetException">
    /// There is no LibTorch, it does not load, or the process has loaded another one already.
    /// </exception>
    internal static LibTorchFolder? EnsureLoaded(string? libTorch = null)
    {
        lock (Gate)
        {
            if (_isLoaded)
                return libTorch is null || Path.GetFullPath(libTorch) == _folder?.Path ? _folder : throw Other(libTorch);

            _folder = libTorch is null ? null : LibTorchFolder.Open(Path.GetFullPath(libTorch));
            Load(_folder);
            _isLoaded = true;
            return _folder;
        }
    }

    /// <summary>The binding as the host finds it: beside the app or in its <c>runtimes/RID/native</c>.</summary>
    /// <exception cref="AlexNetException">There is none.</exception>
    internal static string FindBinding() => Find(Binding) ?? throw new AlexNetException(
        $"{Binding} is in none of {string.Join(", ", Folders)}. Build the app for this system " +
        $"({RuntimeInformation.RuntimeIdentifier}), or copy its runtimes folder along with it.");

    // The host resolves these from the app's deps.json, for outputs, published apps and file-based scripts alike.
    private static IEnumerable<string> Folders =>
        (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"));

    private static string? Find(string library) =>
        Folders.Select(folder => Path.Combine(folder, library)).FirstOrDefault(File.Exists);

    private static void Load(LibTorchFolder? folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            if (folder is not null)
                throw LibTorchFolder.Refused(folder.Path, folder.Version, "only Linux can load one that is not beside the app");

            return;
        }

        var (isOld, binding, own) = (!SystemHasSymbol(), FindBinding(), Find(LibTorchFolder.Main));
        if (folder is null && own is null)
        {
            throw new AlexNetException(
                $"The app has no LibTorch beside it: {LibTorchFolder.Main} is in none of {string.Join(", ", Folders)}. Set "
                + $"{LibTorchFolder.Variable} to the folder of one on this machine, or build the app with one.");
        }

        if (folder is null && !isOld)
            return;

        if (folder is not null && Find(LibTorchFolder.Cuda) is not null)
        {
            // TorchSharp would load it as well.
            throw LibTorchFolder.Refused(
                folder.Path, folder.Version, "the app brings a LibTorch for GPUs of its own, which cannot be left out");
        }

        try
        {
            foreach (var file in (folder ?? LibTorchFolder.BesideTheApp(Path.GetDirectoryName(own)!)).Files)
                Open(file);

            if (folder is not null)
                Open(PatchedLibrary.Keep(TorchCpuAlias.Make(File.ReadAllBytes(folder.Files.Last())), TorchCpuAlias.Name));

            Open(isOld ? PatchedLibrary.Keep(LibTorchSharpPatch.Apply(File.ReadAllBytes(binding)), Binding) : binding);
        }
        catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException or IOException
            or UnauthorizedAccessException)
        {
            throw folder is not null
                ? LibTorchFolder.Refused(folder.Path, folder.Version, fault.Message.TrimEnd('.'), fault)
                : new AlexNetException(
                    $"LibTorch does not load beside this system's C++ library, older than GCC 13: {fault.Message}", fault);
        }
    }

    private static void Open(string file)
    {
        try
        {
            dlerror(); // now, since its own first call would take the place of what it is to tell
            if (dlopen(file, Now) == 0)
                throw new DllNotFoundException(Marshal.PtrToStringUTF8(dlerror()) ?? $"'{file}' does not load");
        }
        catch (EntryPointNotFoundException) // GNU's C library before 2.34 has them elsewhere
        {
            NativeLibrary.Load(file);
        }
    }

    private static AlexNetException Other(string libTorch) => new(
        $"LibTorch in '{libTorch}' cannot be used: this process has loaded {(_folder is { } loaded ? $"that in '{loaded.Path}'"
        : "the one that comes with the app")} already. Start the program anew.");

    [LibraryImport("libc.so.6", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint dlopen(string file, int flags);

    [LibraryImport("libc.so.6")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint dlerror();

    // Only a C++ library of GCC 13 or later has it, so the version need not be read out of the file.
    private static bool SystemHasSymbol() =>
        NativeLibrary.TryLoad("libstdc++.so.6", out var library) &&
        NativeLibrary.TryGetExport(library, LibTorchSharpPatch.MissingSymbol, out _);
}
