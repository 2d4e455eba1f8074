using System.Buffers.Binary;
using MlNetAlexNet.Images;

namespace MlNetAlexNet.Inspection;

/// <summary>What the first bytes of a picture's file say of it, read by the formats' specifications.</summary>
/// <param name="Format">Its format; null if it is none of those that are decoded.</param>
/// <param name="IsAnimated">Whether it has more frames than the one that is decoded.</param>
/// <param name="IsFourColours">Whether it is a JPEG of four colours, CMYK or YCCK.</param>
/// <param name="HasSixteenBits">Whether it is a PNG of 16 bits a channel.</param>
internal readonly record struct PictureTraits(string? Format, bool IsAnimated, bool IsFourColours, bool HasSixteenBits)
{
    private static readonly (string Format, string[] Endings)[] s_endings =
    [
        ("JPEG", [".jpg", ".jpeg", ".jpe", ".jfif"]), ("PNG", [".png"]), ("GIF", [".gif"]), ("WebP", [".webp"]), ("BMP", [".bmp"]),
    ];

    /// <summary>Reads them. Whatever the bytes are, it ends with the last of them.</summary>
    public static PictureTraits Read(ReadOnlySpan<byte> file) => file switch
    {
        [0xFF, 0xD8, 0xFF, ..] => new("JPEG", false, CountJpegColours(file) == 4, false),
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] =>
            new("PNG", CountPngFrames(file) > 1, false, file.Length > 24 && file[24] == 16),
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => new("GIF", HasGifFrames(file, 2), false, false),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] =>
            new("WebP", HasWebpFrames(file, 2), false, false),
        [(byte)'B', (byte)'M', ..] => new("BMP", false, false, false),
        _ => default,
    };

    /// <summary>Whether a file's ending is that of another format, or of none that is decoded.</summary>
    public bool IsMisnamed(string path)
    {
        var (format, ending) = (Format, Path.GetExtension(path));
        return format is not null
            && !s_endings.Single(row => row.Format == format).Endings.Contains(ending, StringComparer.OrdinalIgnoreCase);
    }

    // Components of the frame, in the first SOF segment (ITU T.81, B.2.2).
    private static int CountJpegColours(ReadOnlySpan<byte> file)
    {
        const int Components = 5;
        for (var segments = new JpegSegments(file); segments.MoveNext() && segments.Marker != JpegSegments.StartOfScan;)
        {
            if (segments.Marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return segments.Content.Length > Components ? segments.Content[Components] : 0;
        }

        return 0;
    }

    // In acTL, which comes before the first IDAT (PNG, third edition, 11.3.6.1).
    private static long CountPngFrames(ReadOnlySpan<byte> file)
    {
        foreach (var chunk in new PngChunks(file))
        {
            if (chunk.Is("IDAT"u8))
                return 1;
            if (chunk.Is("acTL"u8))
                return chunk.Content.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(chunk.Content) : 1;
        }

        return 1;
    }

    // Image descriptors between extensions, each followed by blocks of data (GIF89a, sections 18 to 27).
    private static bool HasGifFrames(ReadOnlySpan<byte> file, int most)
    {
        if (file.Length < 13)
            return false;

        var at = 13 + CountTable(file[10]);
        for (var frames = 0; at < file.Length;)
        {
            switch (file[at])
            {
                case 0x2C when at + 10 < file.Length:
                    if (++frames == most)
                        return true;
                    at += 10 + CountTable(file[at + 9]) + 1; // and the size of the codes
                    break;
                case 0x21:
                    at += 2;
                    break;
                default:
                    return false;
            }

            while (at < file.Length && file[at] != 0)
                at += 1 + file[at];
            at++;
        }

        return false;
    }

    private static int CountTable(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    // ANMF chunks (WebP container specification, "Animation").
    private static bool HasWebpFrames(ReadOnlySpan<byte> file, int most)
    {
        var frames = 0;
        foreach (var chunk in new WebpChunks(file))
        {
            if (chunk.Is("ANMF"u8) && ++frames == most)
                return true;
        }

        return false;
    }
}
