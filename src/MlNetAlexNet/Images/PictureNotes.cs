namespace MlNetAlexNet.Images;

/// <summary>What a picture's file says of the picture beside the pixels. Empty where it says nothing.</summary>
internal readonly ref struct PictureNotes
{
    // The most of a text in a PNG, once it is inflated, that Pillow takes; so a file decides over no more memory.
    private const int MostText = 1 << 20;

    /// <summary>A TIFF of tags.</summary>
    public ReadOnlySpan<byte> Exif { get; init; }

    /// <summary>XML in UTF-8.</summary>
    public ReadOnlySpan<byte> Xmp { get; init; }

    /// <summary>Finds them by the file's content.</summary>
    public static PictureNotes Find(ReadOnlySpan<byte> file) => file switch
    {
        [0xFF, 0xD8, ..] => FindInJpeg(file),
        [0x89, ..] => FindInPng(file),
        [(byte)'R', ..] => FindInWebp(file),
        _ => default,
    };

    // Segments APP1 before the first scan (EXIF 2.3, section 4.7.2; XMP specification, part 3, section 1.1.3).
    private static PictureNotes FindInJpeg(ReadOnlySpan<byte> file)
    {
        const byte App1 = 0xE1;
        ReadOnlySpan<byte> exif = [], xmp = [], xmpName = "http://ns.adobe.com/xap/1.0/\0"u8;
        for (var segments = new JpegSegments(file); segments.MoveNext() && segments.Marker != JpegSegments.StartOfScan;)
        {
            if (segments.Marker != App1)
                continue;

            if (exif.IsEmpty && segments.Content.StartsWith("Exif\0\0"u8))
                exif = segments.Content;
            else if (xmp.IsEmpty && segments.Content.StartsWith(xmpName))
                xmp = segments.Content[xmpName.Length..];
        }

        return new PictureNotes { Exif = exif, Xmp = xmp };
    }

    // Chunk eXIf (PNG, third edition, section 11.3.4.5), or the text that ImageMagick wrote before there was one.
    private static PictureNotes FindInPng(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> exif = [], profile = [], xmp = [];
        foreach (var chunk in new PngChunks(file))
        {
            if (exif.IsEmpty && chunk.Is("eXIf"u8))
                exif = chunk.Content;

            var text = new PngText(chunk);
            if (profile.IsEmpty && text.Keyword.SequenceEqual("Raw profile type exif"u8))
                profile = text.Read(MostText);
            else if (xmp.IsEmpty && text.Keyword.SequenceEqual("XML:com.adobe.xmp"u8))
                xmp = text.Read(MostText);
        }

        return new PictureNotes { Exif = exif.IsEmpty ? DecodeProfile(profile) : exif, Xmp = xmp };
    }

    // An empty line, the name, the number of bytes, then lines of hexadecimal digits.
    private static ReadOnlySpan<byte> DecodeProfile(ReadOnlySpan<byte> profile)
    {
        for (var line = 0; line < 3; line++)
            profile = profile.IndexOf((byte)'\n') is >= 0 and var end ? profile[(end + 1)..] : [];

        var digits = new byte[profile.Length];
        var count = 0;
        foreach (var letter in profile)
        {
            if (letter is not ((byte)'\n' or (byte)'\r' or (byte)' '))
                digits[count++] = letter;
        }

        var bytes = new byte[count / 2];
        Convert.FromHexString(digits.AsSpan(0, count), bytes, out _, out var written);
        return bytes.AsSpan(0, written);
    }

    // Chunks that the header says there are (WebP container specification, "Extended File Format").
    private static PictureNotes FindInWebp(ReadOnlySpan<byte> file)
    {
        const byte HasExif = 0x08, HasXmp = 0x04;
        ReadOnlySpan<byte> exif = [], xmp = [];
        byte flags = 0;
        foreach (var chunk in new WebpChunks(file))
        {
            if (chunk.Is("VP8X"u8) && chunk.Content is [var features, ..])
                flags = features;
            else if (exif.IsEmpty && chunk.Is("EXIF"u8) && (flags & HasExif) != 0)
                exif = chunk.Content;
            else if (xmp.IsEmpty && chunk.Is("XMP "u8) && (flags & HasXmp) != 0)
                xmp = chunk.Content;
        }

        return new PictureNotes { Exif = exif, Xmp = xmp };
    }
}
