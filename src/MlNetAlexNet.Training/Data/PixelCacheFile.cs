using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MlNetAlexNet.Training.Data;

/// <summary>
/// The file format of the pixel cache: the pictures; a hash (XXH3, 8 bytes) of each, 0 for one that could not be decoded;
/// the key of the list of pictures; a hash of these hashes and the key. The last comes last, so a file that was not
/// written to its end is told by it. All pictures are checked when a file is opened, at the speed of reading them, a
/// hundred times faster than decoding: damage is found while there is time to decode them again.
/// </summary>
internal static class PixelCacheFile
{
    /// <summary>The hash of a picture; never 0.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> picture) => Math.Max(1, XxHash3.HashToUInt64(picture));

    /// <summary>Bytes of a file.</summary>
    public static long CountBytes(int pictures, int imageSize, ReadOnlySpan<byte> key) =>
        (long)pictures * (PixelFile.BytesOf(imageSize) + sizeof(ulong)) + key.Length + sizeof(ulong);

    /// <summary>Ends a file whose pictures are written.</summary>
    public static void WriteEnd(SafeFileHandle file, int imageSize, ulong[] hashes, ReadOnlySpan<byte> key) =>
        RandomAccess.Write(file, End(hashes, key), (long)hashes.Length * PixelFile.BytesOf(imageSize));

    /// <summary>The hashes of the pictures if the file is whole and belongs to the key, else null.</summary>
    public static ulong[]? Check(PixelFile file, int pictures, byte[] key, CancellationToken cancel)
    {
        if (RandomAccess.GetLength(file.Handle) != CountBytes(pictures, file.ImageSize, key))
        {
            return null;
        }

        var hashes = new ulong[pictures];
        var offset = (long)pictures * file.PictureBytes;
        _ = RandomAccess.Read(file.Handle, MemoryMarshal.AsBytes(hashes.AsSpan()), offset);
        var end = End(hashes, key);
        var stored = new byte[end.Length];
        _ = RandomAccess.Read(file.Handle, stored, offset);
        if (!stored.AsSpan().SequenceEqual(end))
        {
            return null;
        }

        using var buffers = new ThreadLocal<byte[]>(() => new byte[file.PictureBytes]);
        return Enumerable.Range(0, pictures).AsParallel().WithCancellation(cancel).All(IsWhole) ? hashes : null;

        bool IsWhole(int index)
        {
            if (hashes[index] == 0)
            {
                return true;
            }

            file.Read(index, buffers.Value);
            return HashOf(buffers.Value) == hashes[index];
        }
    }

    private static byte[] End(ulong[] hashes, ReadOnlySpan<byte> key)
    {
        byte[] end = [.. MemoryMarshal.AsBytes(hashes.AsSpan()), .. key, .. new byte[sizeof(ulong)]];
        BinaryPrimitives.WriteUInt64LittleEndian(end.AsSpan(^sizeof(ulong)), XxHash3.HashToUInt64(end.AsSpan(..^sizeof(ulong))));
        return end;
    }
}
