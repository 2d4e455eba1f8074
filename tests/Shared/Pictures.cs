using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace MlNetAlexNet.Tests;

/// <summary>Encoded pictures made in memory, those that Skia cannot write by hand from their specifications.</summary>
internal static class Pictures
{
    /// <summary>A picture of one colour.</summary>
    public static byte[] Flat(int width, int height, SKColor color, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Erase(color);
        return Encode(bitmap, format);
    }

    /// <summary>A picture in which every pixel and every corner differs.</summary>
    public static byte[] Gradient(int width, int height, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                bitmap.SetPixel(x, y, new SKColor((byte)(x * 255 / width), (byte)(y * 255 / height), (byte)(x ^ y)));
            }
        }

        return Encode(bitmap, format);
    }

    /// <summary>
    /// Something like a photograph: smooth noise of all sizes, each a little weaker than the next larger, in three
    /// colours.
    /// </summary>
    public static byte[] Photograph(
        int width, int height, int seed, SKEncodedImageFormat format = SKEncodedImageFormat.Jpeg)
    {
        var random = new Random(seed);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.Gray);
        for (var (cell, strength) = (Math.Max(width, height), 0.5f); cell >= 1; cell /= 2, strength *= 0.8f)
        {
            using var noise = new SKBitmap((width / cell) + 2, (height / cell) + 2, isOpaque: true);
            var bytes = new byte[noise.ByteCount];
            random.NextBytes(bytes);
            Marshal.Copy(bytes, 0, noise.GetPixels(), bytes.Length);
            using var paint = new SKPaint
            {
                FilterQuality = SKFilterQuality.High,
                Color = SKColors.White.WithAlpha((byte)(255 * strength)),
            };
            canvas.DrawBitmap(noise, SKRect.Create(noise.Width * cell, noise.Height * cell), paint);
        }

        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }

    /// <summary>The JPEG with an EXIF segment that holds the orientation alone.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation) =>
    [
        0xFF, 0xD8,
        0xFF, 0xE1, 0, 34, .. "Exif\0\0MM"u8, 0, 42, 0, 0, 0, 8,        // big endian TIFF, first directory at 8
        0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0,       // one entry: tag 0x0112, one short
        0, 0, 0, 0,
        .. jpeg[2..],
    ];

    /// <summary>A 24-bit BMP of 2 x 1 pixels: red, then blue.</summary>
    public static byte[] Bmp()
    {
        var bytes = new byte[14 + 40 + 8];
        "BM"u8.CopyTo(bytes);
        int[] header = [bytes.Length, 0, 54, 40, 2, 1, 1 | (24 << 16), 0, 8, 0, 0, 0, 0];
        for (var i = 0; i < header.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(2 + (4 * i)), header[i]);
        }

        ((byte[])[0, 0, 255, 255, 0, 0]).CopyTo(bytes, 54);
        return bytes;
    }

    /// <summary>A GIF of 2 x 2 pixels: a red frame, then a blue one.</summary>
    public static byte[] AnimatedGif() =>
    [
        .. "GIF89a"u8, 2, 0, 2, 0, 0xF1, 0, 0,
        0, 0, 0, 255, 0, 0, 0, 0, 255, 255, 255, 255,                   // palette: black, red, blue, white
        .. GifFrame(1), .. GifFrame(2), 0x3B,
    ];

    /// <summary>
    /// A baseline JPEG of 8 x 8 pixels whose four components are flat (ITU T.81). <paramref name="transform"/> is
    /// that of Adobe's APP14 segment: 0 = CMYK, 2 = YCCK, both stored inverted.
    /// </summary>
    public static byte[] FourComponentJpeg(byte transform, params byte[] values)
    {
        var bits = string.Concat(values.Select(FlatBlock));
        bits = bits.PadRight((bits.Length + 7) / 8 * 8, '1');
        return
        [
            0xFF, 0xD8,
            0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, transform,
            0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)8, 64),
            0xFF, 0xC0, 0, 20, 8, 0, 8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0,
            0xFF, 0xC4, 0, 28, 0x00, 0, 0, 0, 9, .. new byte[12], 0, 1, 2, 3, 4, 5, 6, 7, 8,   // DC: 9 codes of 4 bits
            0xFF, 0xC4, 0, 20, 0x10, 1, .. new byte[15], 0,                                    // AC: end of block = 0
            0xFF, 0xDA, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0,
            .. bits.Chunk(8).Select(eight => Convert.ToByte(new string(eight), 2)),
            0xFF, 0xD9,
        ];
    }

    // With a quantiser of 8 the DC coefficient is the value less 128.
    private static string FlatBlock(byte value)
    {
        var dc = value - 128;
        var category = dc == 0 ? 0 : (int)Math.Log2(Math.Abs(dc)) + 1;
        var extra = dc < 0 ? dc + (1 << category) - 1 : dc;
        return category.ToString("b4") + (category == 0 ? "" : extra.ToString("b" + category)) + "0";
    }

    // LZW codes of 3 bits, lowest bit first: clear, c, c, clear, c, c, end (clear before the codes grow to 4 bits).
    private static byte[] GifFrame(int c)
    {
        int[] codes = [4, c, c, 4, c, c, 5];
        var bits = codes.Select((code, i) => code << (3 * i)).Sum();
        return [0x2C, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, 3, (byte)bits, (byte)(bits >> 8), (byte)(bits >> 16), 0];
    }

    private static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format)
    {
        using var data = bitmap.Encode(format, 100);
        return data.ToArray();
    }
}
