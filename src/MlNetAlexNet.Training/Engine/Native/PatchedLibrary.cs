using System.Security.Cryptography;

namespace MlNetAlexNet.Training.Engine.Native;

/// <summary>Libraries that are loaded in another form than they lie on the disk, in a folder of the user's.</summary>
internal static class PatchedLibrary
{
    // Not created here: a home that cannot be written to is no error.
    private static string UserCache => Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "MlNetAlexNet",
        "native");

    // The same for every process of the user, so that the copy is made once.
    private static string TemporaryCache => Path.Combine(Path.GetTempPath(), $"MlNetAlexNet-{Environment.UserName}");

    /// <summary>Keeps the library in the user's cache folder and returns its path.</summary>
    public static string Keep(byte[] library, string name) => Keep(library, name, UserCache, TemporaryCache);

    /// <summary>
    /// Keeps it below <paramref name="cache"/> or, where that cannot be written, as in a container without a home, below
    /// <paramref name="fallback"/>, which is then this user's alone.
    /// </summary>
    internal static string Keep(byte[] library, string name, string cache, string fallback)
    {
        try
        {
            return Keep(library, name, cache);
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

            return Keep(library, name, fallback);
        }
    }

    /// <summary>
    /// Writes the library below <paramref name="cache"/>, unless it lies there whole, and returns its path. Safe when
    /// several processes do so at once.
    /// </summary>
    /// <param name="library">The content.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="cache">Created when missing; holds a folder for each content.</param>
    internal static string Keep(byte[] library, string name, string cache)
    {
        var folder = Path.Combine(cache, Convert.ToHexStringLower(SHA256.HashData(library))[..16]);
        var copy = Path.Combine(folder, name);
        if (File.Exists(copy) && File.ReadAllBytes(copy).AsSpan().SequenceEqual(library))
            return copy;

        Directory.CreateDirectory(folder);
        var half = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            File.WriteAllBytes(half, library);
            File.Move(half, copy, overwrite: true);
        }
        finally
        {
            File.Delete(half);
        }

        return copy;
    }
}
