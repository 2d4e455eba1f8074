using System.Buffers.Binary;
using System.IO.Hashing;
using SkiaSharp;

namespace MlNetAlexNet.Faults.Mutants;

/// <summary>Pictures of every format that is decoded, and changes of them.</summary>
internal static class PictureMutants
{
    private const int Width = 60;
    private const int Height = 45;

    public static Func<Random, byte[]> Jpeg() => Of(
        Pictures.Gradient(Width, Height, SKEncodedImageFormat.Jpeg),
        Pictures.WithOrientation(Pictures.Gradient(Width, Height, SKEncodedImageFormat.Jpeg), 6),
        Turned("xmp-5.jpg"),
        Pictures.FourComponentJpeg(2, 10, 200, 30, 90));

    /// <summary>Half of them with the checksums put right, so that more than these is looked at.</summary>
    public static Func<Random, byte[]> Png()
    {
        var change = Of(
            Pictures.Gradient(Width, Height, SKEncodedImageFormat.Png),
            Pictures.Flat(Width, Height, new SKColor(1, 2, 3, 4), SKEncodedImageFormat.Png),
            Turned("both-6.png"),
            Turned("xmp-deflated-7.png"),
            Turned("profile-8.png"));
        return random => change(random) is var changed && random.Next(2) == 0 ? changed : SetChecksums(changed);
    }

    public static Func<Random, byte[]> Bmp() => Of(Pictures.Bmp(), Palette(bits: 8, compression: 0), Palette(bits: 8, compression: 1));

    public static Func<Random, byte[]> Webp() => Of(
        Pictures.Gradient(Width, Height, SKEncodedImageFormat.Webp),
        Lossless(),
        Turned("both-6.webp"),
        Pictures.Flat(Width, Height, new SKColor(1, 2, 3, 4), SKEncodedImageFormat.Webp));

    public static Func<Random, byte[]> Gif() => Of(Pictures.AnimatedGif());

    private static Func<Random, byte[]> Of(params byte[][] pictures) =>
        random => ByteChanges.Apply(pictures[random.Next(pictures.Length)], random);

    private static byte[] Turned(string name) => File.ReadAllBytes(Path.Combine(Expected.Orientation, name));

    private static byte[] Lossless()
    {
        using var bitmap = SKBitmap.Decode(Pictures.Gradient(Width, Height, SKEncodedImageFormat.Png));
        using var pixels = bitmap.PeekPixels();
        using var data = pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 50));
        return data.ToArray();
    }

    // 8 x 4 pixels of a palette of 256, as they are or in runs.
    private static byte[] Palette(int bits, int compression)
    {
        byte[] pixels = compression == 0
            ? [.. Enumerable.Range(0, 32).Select(i => (byte)i)]
            : [.. Enumerable.Range(0, 4).SelectMany(row => (byte[])[4, (byte)row, 0, 4, 1, 2, 3, 4, 0, 0]), 0, 1];
        var start = 14 + 40 + 1024;
        var bytes = new byte[start + pixels.Length];
        "BM"u8.CopyTo(bytes);
        int[] header = [bytes.Length, 0, start, 40, 8, 4, 1 | (bits << 16), compression, pixels.Length, 0, 0, 256, 0];
        for (var i = 0; i < header.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(2 + (4 * i)), header[i]);
        new Random(1).NextBytes(bytes.AsSpan(54, 1024));
        pixels.CopyTo(bytes, start);
        return bytes;
    }

    private static byte[] SetChecksums(byte[] png)
    {
        const int Frame = 12; // length, type, checksum
        byte[] bytes = [.. png];
        for (var at = 8; at + Frame <= bytes.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            if (length > bytes.Length - at - Frame)
                break;

            var end = at + 8 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(end), Crc32.HashToUInt32(bytes.AsSpan(at + 4, (int)length + 4)));
            at = end + 4;
        }

        return bytes;
    }
}
