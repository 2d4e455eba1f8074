using System.Globalization;
using System.Security.Cryptography;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Layers;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Promotion;

/// <summary>
/// The model zip that is in use, claimed for one gate: who loads it while another takes its place has the old one or the new one,
/// whole, whenever the process is killed or the power fails. The one before is kept beside it.
/// </summary>
/// <remarks>
/// Where the path is a link, the file that it leads to is replaced, and the link stays. The new file gets the permissions of the old
/// one; its owner is who runs this. On Windows a file that somebody has open cannot be replaced: it is tried for ten seconds.
/// </remarks>
public sealed class Champion : IDisposable
{
    private const string Ending = ".zip";

    // What another gate does with the claim at the same moment passes.
    private const int MostTries = 100;

    private readonly FileStream _claim;
    private readonly Action<string>? _beforeStep;

    private Champion(string path, FileStream claim, string sha256, Action<string>? beforeStep) =>
        (Path, _claim, Sha256, _beforeStep) = (path, claim, sha256, beforeStep);

    /// <summary>Full path of the zip; where a link was given, of what it leads to.</summary>
    public string Path { get; }

    /// <summary>The zip that this one has replaced: <c>model.previous.zip</c> beside <c>model.zip</c>.</summary>
    public string Previous => Beside(".previous" + Ending);

    /// <summary>The pictures that the last gate has seen: <c>model.pictures.json</c>.</summary>
    public string Pictures => Beside(".pictures.json");

    /// <summary>Folder of what each gate has left: <c>model.gates</c>.</summary>
    public string Gates => Beside(".gates");

    /// <summary>The same network with its batch normalization: <c>model-unfolded.onnx</c>, as a run folder has it.</summary>
    public string Unfolded => Beside("-unfolded.onnx");

    /// <summary>Of the zip as it was claimed, in hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>Takes a zip until this is disposed. Others may read it.</summary>
    /// <param name="path">The zip.</param>
    /// <exception cref="AlexNetException">
    /// It is missing or no model zip, another gate has it, or its folder cannot be written to.
    /// </exception>
    public static Champion Claim(string path) => Claim(path, beforeStep: null);

    /// <param name="path">The zip.</param>
    /// <param name="beforeStep">As of <see cref="DurableFiles"/>.</param>
    internal static Champion Claim(string path, Action<string>? beforeStep)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var target = FindTarget(path);
        if (ModelFile.Recognize(target) != ModelZip.Format)
            throw new AlexNetException($"The champion '{path}' is no model zip, which its successor will be. Convert it to one first.");

        var claim = TakeClaim(target);
        try
        {
            return new Champion(target, claim, ComputeSha256(target), beforeStep);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>SHA-256 of a model's file, in hexadecimal digits.</summary>
    /// <exception cref="AlexNetException">It cannot be read.</exception>
    public static string ComputeSha256(string path) =>
        FileReading.Read(path, "a model", file => Convert.ToHexStringLower(SHA256.HashData(file)));

    /// <summary>
    /// The file to train on: <see cref="Unfolded"/> if it is there and is of this zip, else the zip, in which batch normalization is
    /// part of other weights and is learnt no more.
    /// </summary>
    /// <exception cref="AlexNetException">One of the two cannot be read.</exception>
    public string FindTrainable()
    {
        if (!File.Exists(Unfolded))
            return Path;

        var (here, there) = (ModelFile.Read(Path).Model, BatchNormalizationFold.Fold(ModelFile.Read(Unfolded).Model));
        return here.Classes.SequenceEqual(there.Classes) && HaveSameValues(here.Weights, there.Weights) ? Unfolded : Path;
    }

    /// <summary>Makes a new folder in <see cref="Gates"/>, named after the time in UTC, such as <c>20261127-030000</c>.</summary>
    /// <exception cref="AlexNetException">It cannot be made.</exception>
    public string CreateGate(DateTimeOffset time)
    {
        var name = System.IO.Path.Combine(Gates, time.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
        var free = name;
        for (var number = 2; System.IO.Path.Exists(free); number++)
            free = string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
        try
        {
            return Directory.CreateDirectory(free).FullName;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException($"The folder '{free}' cannot be made: {fault.Message}", fault);
        }
    }

    /// <summary>Refuses to go on where the zip is no longer the one that was claimed.</summary>
    /// <exception cref="AlexNetException">Somebody else has changed it.</exception>
    public void RequireUnchanged() => Require(ComputeSha256(Path) == Sha256);

    /// <summary>
    /// Puts another zip in its place, by renaming: first the zip is copied to <see cref="Previous"/>, then the other beside it,
    /// each flushed to the drive before it has its name. <see cref="Sha256"/> stays that of the old one.
    /// </summary>
    /// <param name="challenger">The other zip, which stays where it is; it may lie on another drive.</param>
    /// <param name="sha256">What <see cref="ComputeSha256"/> gave when it was compared.</param>
    /// <exception cref="AlexNetException">
    /// One of the two is not the one that was compared, or there is no room or no right to write. The zip is as it was.
    /// </exception>
    public void Replace(string challenger, string sha256)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(challenger);
        ArgumentException.ThrowIfNullOrWhiteSpace(sha256);
        try
        {
            var files = OpenFolder();
            UnixFileMode? mode = OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(Path);
            files.Write(System.IO.Path.GetFileName(Previous), to => Require(Copy(Path, to) == Sha256), mode);
            files.Write(
                System.IO.Path.GetFileName(Path),
                to =>
                {
                    if (Copy(challenger, to) != sha256)
                        throw new AlexNetException($"'{challenger}' was changed since it was compared. '{Path}' is as it was.");
                    RequireUnchanged(); // once more, since copies take their time
                },
                mode);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException(
                $"'{Path}' is as it was and cannot be replaced: {fault.Message.TrimEnd('.')}. Make room there, or the right to write.", fault);
        }
    }

    /// <summary>
    /// Makes another file <see cref="Unfolded"/>, once its zip is in place. Where that does not come to pass, the one that is there is
    /// of another zip, which <see cref="FindTrainable"/> tells.
    /// </summary>
    /// <param name="path">The file, which stays where it is; null if the zip has none.</param>
    /// <exception cref="AlexNetException">It cannot be read, or there is no room.</exception>
    public void KeepUnfolded(string? path)
    {
        try
        {
            if (path is not null)
                OpenFolder().Write(System.IO.Path.GetFileName(Unfolded), to => Copy(path, to));
            else
                OpenFolder().Delete(System.IO.Path.GetFileName(Unfolded));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException($"'{Unfolded}', to train on, cannot be replaced: {fault.Message}", fault);
        }
    }

    /// <summary>Gives the zip free.</summary>
    public void Dispose() => _claim.Dispose();

    private void Require(bool isUnchanged)
    {
        if (!isUnchanged)
        {
            throw new AlexNetException(
                $"'{Path}' was changed by somebody else since this gate began, and stays as they left it. Run the gate once more.");
        }
    }

    // The hash of what was copied.
    private static string Copy(string path, Stream to)
    {
        using var from = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (var read = from.Read(buffer); read > 0; read = from.Read(buffer))
        {
            hash.AppendData(buffer, 0, read);
            to.Write(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static bool HaveSameValues(WeightSet one, WeightSet other) =>
        one.Count == other.Count
        && one.All(weight => other.TryGetValue(weight.Key, out var same) && weight.Value.Values.AsSpan().SequenceEqual(same.Values));

    private DurableFiles OpenFolder() => new(System.IO.Path.GetDirectoryName(Path)!, _beforeStep);

    private static string FindTarget(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? System.IO.Path.GetFullPath(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException($"The champion '{path}' cannot be read: {fault.Message}", fault);
        }
    }

    // A file that is open while this lasts, so that nothing holds after a kill.
    private static FileStream TakeClaim(string target)
    {
        var path = target + ".claim";
        for (var tries = 1; ; tries++)
        {
            try
            {
                var claim = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
                if (File.Exists(path))
                    return claim;

                claim.Dispose(); // of a gate that has just ended
            }
            catch (IOException fault) when (File.Exists(path))
            {
                throw new AlexNetException($"Another gate is at work on '{target}': it holds '{path}'. Wait for its end.", fault);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                if (tries == MostTries)
                    throw new AlexNetException($"A successor of '{target}' could not be written beside it: {fault.Message}", fault);
            }
        }
    }

    private string Beside(string ending) => (Path.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) ? Path[..^Ending.Length] : Path) + ending;
}
