using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using MlNetAlexNet.Inspection;

namespace MlNetAlexNet.Training.Data;

/// <summary>
/// The file format of the pixel cache: the pictures; a hash (XXH3, 8 bytes) of each, 0 for one that could not be decoded;
/// the look of each; whether each has transparent parts, a byte; the key of the list of pictures; a hash of these hashes, looks, bytes and the key. The last comes last, so a file that was not
/// written to its end is told by it. All pictures are checked when a file is opened, at the speed of reading them, a
/// hundred times faster than decoding: damage is found while there is time to decode them again.
/// </summary>
internal static class PixelCacheFile
{
    /// <summary>The hash of a picture; never 0.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> picture) => Math.Max(1, XxHash3.HashToUInt64(picture));

    /// <summary>Bytes of a file.</summary>
    public static long CountBytes(int pictures, int imageSize, ReadOnlySpan<byte> key) =>
        (long)pictures * (PixelFile.BytesOf(imageSize) + sizeof(ulong) + PictureLook.Bytes + sizeof(bool)) + key.Length + sizeof(ulong);

    /// <summary>Ends a file whose pictures are written.</summary>
    public static void WriteEnd(SafeFileHandle file, int imageSize, ulong[] hashes, PictureLook[] looks, bool[] transparent, ReadOnlySpan<byte> key) =>
        RandomAccess.Write(file, End(hashes, looks, transparent, key), (long)hashes.Length * PixelFile.BytesOf(imageSize));

    /// <summary>What is written of the pictures if the file is whole and belongs to the key, else null.</summary>
    /// <param name="file">The file.</param>
    /// <param name="pictures">How many it has.</param>
    /// <param name="key">What it belongs to.</param>
    /// <param name="read">Called for each picture, from any thread.</param>
    /// <param name="cancel">Ends the check.</param>
    public static (ulong[] Hashes, PictureLook[] Looks, bool[] Transparent)? Check(
        PixelFile file, int pictures, byte[] key, Action read, CancellationToken cancel)
    {
        if (RandomAccess.GetLength(file.Handle) != CountBytes(pictures, file.ImageSize, key))
        {
            return null;
        }

        var (hashes, looks, transparent) = (new ulong[pictures], new PictureLook[pictures], new bool[pictures]);
        var offset = (long)pictures * file.PictureBytes;
        var (hashBytes, lookBytes) = (sizeof(ulong) * pictures, PictureLook.Bytes * pictures);
        _ = RandomAccess.Read(file.Handle, MemoryMarshal.AsBytes(hashes.AsSpan()), offset);
        _ = RandomAccess.Read(file.Handle, MemoryMarshal.AsBytes(looks.AsSpan()), offset + hashBytes);
        _ = RandomAccess.Read(file.Handle, MemoryMarshal.AsBytes(transparent.AsSpan()), offset + hashBytes + lookBytes);
        var end = End(hashes, looks, transparent, key);
        var stored = new byte[end.Length];
        _ = RandomAccess.Read(file.Handle, stored, offset);
        if (!stored.AsSpan().SequenceEqual(end))
        {
            return null;
        }

        using var buffers = new ThreadLocal<byte[]>(() => new byte[file.PictureBytes]);
        return ParallelFaults.Unwrap(() => Enumerable.Range(0, pictures).AsParallel().WithCancellation(cancel).All(IsWhole))
            ? (hashes, looks, transparent)
            : null;

        bool IsWhole(int index)
        {
            read();
            if (hashes[index] == 0)
            {
                return true;
            }

            file.Read(index, buffers.Value);
            return HashOf(buffers.Value) == hashes[index];
        }
    }

    private static byte[] End(ulong[] hashes, PictureLook[] looks, bool[] transparent, ReadOnlySpan<byte> key)
    {
        byte[] end =
        [
            .. MemoryMarshal.AsBytes(hashes.AsSpan()), .. MemoryMarshal.AsBytes(looks.AsSpan()),
            .. MemoryMarshal.AsBytes(transparent.AsSpan()), .. key, .. new byte[sizeof(ulong)],
        ];
        BinaryPrimitives.WriteUInt64LittleEndian(end.AsSpan(^sizeof(ulong)), XxHash3.HashToUInt64(end.AsSpan(..^sizeof(ulong))));
        return end;
    }
}
