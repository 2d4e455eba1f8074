using System.Runtime.InteropServices;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Keeps the memory of freed tensors for the next ones while it lives. GNU's C library gives large blocks back to the
/// system at once and gets them again, cleared page by page, in the next step: of AlexNet with 128 pictures 210,000 pages
/// a step, with this 5,000, for a tenth more memory at the peak. It works for the process' first thread, as in
/// <c>alexnet</c>: large blocks of other threads the library maps one by one whatever it is told. Elsewhere this does
/// nothing.
/// </summary>
internal sealed partial class FreedMemory : IDisposable
{
    private const string Library = "libc.so.6";

    // Parameters of mallopt and their defaults: glibc's malloc.h and its manual, "Malloc Tunable Parameters".
    private const int TrimThreshold = -1;
    private const int MaximumMaps = -4;
    private const int DefaultTrimThreshold = 128 * 1024;
    private const int DefaultMaximumMaps = 65536;

    private static readonly bool IsGnu = OperatingSystem.IsLinux()
        && NativeLibrary.TryLoad(Library, out var library) && NativeLibrary.TryGetExport(library, "mallopt", out _);

    private static readonly Lock Gate = new();
    private static int _users;

    private FreedMemory()
    {
    }

    public static FreedMemory Keep()
    {
        lock (Gate)
        {
            if (IsGnu && _users++ == 0)
            {
                _ = mallopt(TrimThreshold, -1);
                _ = mallopt(MaximumMaps, 0);
            }
        }

        return new FreedMemory();
    }

    /// <summary>Gives all that is free back to the system; called once.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            if (IsGnu && --_users == 0)
            {
                _ = mallopt(TrimThreshold, DefaultTrimThreshold);
                _ = mallopt(MaximumMaps, DefaultMaximumMaps);
                _ = malloc_trim(0);
            }
        }
    }

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int malloc_trim(nuint pad);
}
