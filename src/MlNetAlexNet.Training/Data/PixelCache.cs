using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Images;
using MlNetAlexNet.Inspection;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Data;

/// <summary>The pictures of a list, decoded once, and those of them that cannot be.</summary>
/// <param name="Pixels">A picture for each path, in their order; those that cannot be decoded are black.</param>
/// <param name="Bad">Those that cannot be decoded, in their order.</param>
/// <param name="Hashes">Of each, <see cref="PixelCacheFile.HashOf"/>; 0 of one that cannot be decoded.</param>
/// <param name="Looks">Of each, what its square looks like.</param>
/// <param name="Transparent">Of each, whether it has transparent parts.</param>
internal sealed record DecodedPictures(
    PixelFile Pixels, IReadOnlyList<BadImage> Bad, IReadOnlyList<ulong> Hashes, PictureLook[] Looks, IReadOnlyList<bool> Transparent);

/// <summary>
/// Keeps decoded pictures from run to run: a file for each list of pictures, found by a key of their paths, sizes and
/// times, of their squares, of the limit of their pixels and of the decoder's version. A new file is written under another name and renamed when it is whole, so runs
/// can share the folder; one that is not whole, or damaged, is written again.
/// </summary>
internal static class PixelCache
{
    /// <summary>Bytes the cache may take by default: 50,000 pictures of 256x256.</summary>
    public const long DefaultLimit = 10_000_000_000;

    /// <summary>The option of a run that names the folder.</summary>
    private const string FolderOption = "PixelCache";

    /// <param name="paths">The pictures.</param>
    /// <param name="form">The squares.</param>
    /// <param name="bounds">What ends or refuses the decoding.</param>
    /// <param name="folder">Of the cache; null for a temporary file, as where the folder cannot be written.</param>
    /// <param name="warn">
    /// Told once, from any thread, if the file cannot be read any more after it was opened; pictures are decoded again then.
    /// </param>
    /// <param name="progress">Is told of each picture that is decoded, or checked where an earlier run has decoded it.</param>
    /// <exception cref="AlexNetException">The drive is too full.</exception>
    public static DecodedPictures Open(
        IReadOnlyList<string> paths,
        PictureForm form,
        DecodeBounds bounds,
        PixelCacheFolder? folder,
        Action<string>? warn = null,
        IProgress<TrainingProgress>? progress = null)
    {
        var key = KeyOf(paths, form, bounds.MaximumPixels);
        var recover = DecodeAgain(paths, form, bounds with { Cancel = CancellationToken.None }, warn);
        if (folder is not null && TryOpen(folder.GetFile(key), paths, form, bounds, key, recover, progress) is { } kept)
        {
            folder.MarkUsed(folder.GetFile(key));
            return kept;
        }

        var (file, path, isInFolder) = Create(folder);
        try
        {
            var length = PixelCacheFile.CountBytes(paths.Count, form.Side, key);
            if (isInFolder)
            {
                folder!.MakeRoom(length);
            }

            var drive = Path.GetDirectoryName(path)!;
            if (isInFolder)
                DiskSpace.Require(drive, length, $"set {FolderOption} to a folder on another", FolderOption);
            else
                DiskSpace.Require(drive, length, "set TMPDIR to a folder with more");
            var (hashes, looks, transparent, bad) = Decode(paths, form, bounds, file, progress);
            PixelCacheFile.WriteEnd(file, form.Side, hashes, looks, transparent, key);
            var isKept = isInFolder && Publish(path, folder!.GetFile(key));
            if (isKept)
            {
                folder!.MarkUsed(folder.GetFile(key));
            }

            return new(new PixelFile(file, form.Side, isKept ? null : path, recover), bad, hashes, looks, transparent);
        }
        catch (Exception fault)
        {
            file.Dispose();
            File.Delete(path);
            if (fault is IOException)
            {
                throw TooFull(path, form, isInFolder, fault);
            }

            throw;
        }
    }

    // The length goes along with the text, so that no two lists give the same bytes.
    private static byte[] KeyOf(IReadOnlyList<string> paths, PictureForm form, long maximumPixels)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append($"{PixelDecoder.Version} {form.Mode}", form.Side, paths.Count);
        Append("", maximumPixels, 0);
        foreach (var path in paths)
        {
            // Links are followed: what they lead to is what is decoded.
            var file = new FileInfo(path);
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            Append(Path.GetFullPath(path), file.Exists ? file.Length : -1, file.LastWriteTimeUtc.Ticks);
        }

        return hash.GetHashAndReset();

        void Append(string text, long first, long second)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(MemoryMarshal.AsBytes([bytes.Length, first, second]));
            hash.AppendData(bytes);
        }
    }

    private static DecodedPictures? TryOpen(
        string path, IReadOnlyList<string> paths, PictureForm form, DecodeBounds bounds, byte[] key, PixelFile.Recovery recover,
        IProgress<TrainingProgress>? progress)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var notChecked = new PixelFile(file, form.Side);
            var read = new ReadPictures(progress, PictureStage.Checking, paths.Count);
            if (PixelCacheFile.Check(notChecked, paths.Count, key, read.Add, bounds.Cancel) is (var hashes, var looks, var transparent))
            {
                // A fault may have gone without a trace in size and time, such as a missing permission.
                string[] black = [.. paths.Where((_, i) => hashes[i] == 0)];
                var bad = DecodablePictures.FindBad(black, bounds.MaximumPixels, bounds.Cancel);
                if (bad.Count == black.Length)
                {
                    return new(new PixelFile(file, form.Side, recover: recover), bad, hashes, looks, transparent);
                }
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or AlexNetException)
        {
            // No such file, or one that cannot be read: decode again.
        }
        catch
        {
            file?.Dispose();
            throw;
        }

        file?.Dispose();
        return null;
    }

    private static PixelFile.Recovery DecodeAgain(
        IReadOnlyList<string> paths, PictureForm form, DecodeBounds bounds, Action<string>? warn)
    {
        var isSaid = 0;
        return (index, pixels, fault) =>
        {
            if (Interlocked.Exchange(ref isSaid, 1) == 0)
                warn?.Invoke($"{fault.Message} They are decoded again each time, which takes longer.");
            PixelDecoder.Decode(paths[index], form, pixels, bounds);
        };
    }

    private static (SafeFileHandle File, string Path, bool IsInFolder) Create(PixelCacheFolder? folder)
    {
        if (folder is not null)
        {
            try
            {
                var half = folder.NameHalfFile();
                Directory.CreateDirectory(Path.GetDirectoryName(half)!);
                return (Open(half), half, true);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // Such as a container without a home; a temporary file serves this run.
            }
        }

        var temporary = TemporaryFiles.NewPath();
        return (Open(temporary), temporary, false);

        static SafeFileHandle Open(string path) =>
            File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    private static (ulong[] Hashes, PictureLook[] Looks, bool[] Transparent, IReadOnlyList<BadImage> Bad) Decode(
        IReadOnlyList<string> paths, PictureForm form, DecodeBounds bounds, SafeFileHandle file, IProgress<TrainingProgress>? progress)
    {
        var read = new ReadPictures(progress, PictureStage.Decoding, paths.Count);
        var (hashes, looks, transparent) = (new ulong[paths.Count], new PictureLook[paths.Count], new bool[paths.Count]);

        // A core each: one picture is decoded by one thread.
        var bad = ParallelFaults.Unwrap(() => Enumerable.Range(0, paths.Count)
            .AsParallel().AsOrdered().WithCancellation(bounds.Cancel)
            .Select(Keep).OfType<BadImage>().ToList());
        return (hashes, looks, transparent, bad);

        BadImage? Keep(int index)
        {
            var fault = DecodablePictures.Check(paths[index], form, bounds, (picture, isTransparent) =>
            {
                RandomAccess.Write(file, picture, (long)index * picture.Length);
                hashes[index] = PixelCacheFile.HashOf(picture);
                looks[index] = PictureLook.Compute(picture, form.Side);
                transparent[index] = isTransparent;
            });
            read.Add();
            return fault;
        }
    }

    private static bool Publish(string half, string whole)
    {
        try
        {
            File.Move(half, whole, overwrite: true);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // On Windows another run that reads the same list keeps its file.
            return false;
        }
    }

    private static AlexNetException TooFull(string path, PictureForm form, bool isInFolder, Exception fault) => new(
        $"The decoded pictures could not be kept in '{Path.GetDirectoryName(path)}': {fault.Message} "
        + $"Each takes {Math.Ceiling(form.Bytes / 1024.0)} KiB there; make room, or set {(isInFolder ? FolderOption : "TMPDIR")} to a folder on another drive.",
        fault)
    {
        Option = isInFolder ? FolderOption : null,
    };
}
