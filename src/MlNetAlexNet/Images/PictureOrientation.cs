using System.Buffers.Binary;
using SkiaSharp;

namespace MlNetAlexNet.Images;

/// <summary>
/// How a picture was held, as its file notes it beside the pixels: by EXIF, or by XMP where EXIF does not say it, in JPEG, PNG
/// and WebP alike.
/// </summary>
internal static class PictureOrientation
{
    /// <summary>Reads it; <see cref="SKEncodedOrigin.TopLeft"/> if the file does not say it, or nothing that is known.</summary>
    public static SKEncodedOrigin Read(ReadOnlySpan<byte> file)
    {
        var notes = PictureNotes.Find(file);
        return (SKEncodedOrigin)(FindInExif(notes.Exif) ?? FindInXmp(notes.Xmp) ?? 0) is
            >= SKEncodedOrigin.TopLeft and <= SKEncodedOrigin.LeftBottom and var origin
            ? origin
            : SKEncodedOrigin.TopLeft;
    }

    /// <summary>Tag 0x0112 of the first directory (EXIF 2.3, section 4.6.4); null if there is none.</summary>
    internal static int? FindInExif(ReadOnlySpan<byte> exif)
    {
        const int Tag = 0x0112, HeaderBytes = 8, EntryBytes = 12;
        const int Short = 3, Long = 4, SignedShort = 8, SignedLong = 9;
        while (exif.StartsWith("Exif\0\0"u8)) // of a JPEG; some write it elsewhere, too
            exif = exif[6..];

        var isBig = exif.StartsWith("MM"u8);
        if (exif.Length < HeaderBytes || !(isBig || exif.StartsWith("II"u8)))
            return null;

        if (exif[2] + exif[3] != 42 || (exif[2] != 0 && exif[3] != 0)) // some write it the wrong way round
            return null;

        long directory = Read4(exif[4..]);
        if (directory + 2 > exif.Length)
            return null;

        var entries = exif[(int)directory..];
        var count = Read2(entries);
        for (entries = entries[2..]; count > 0 && entries.Length >= EntryBytes; count--, entries = entries[EntryBytes..])
        {
            if (Read2(entries) != Tag)
                continue;

            // Its type, the number of values, the first of them.
            return Read2(entries[2..]) switch
            {
                Short or SignedShort => Read2(entries[8..]),
                Long or SignedLong => (int)Math.Min(Read4(entries[8..]), int.MaxValue),
                _ => 0,
            };
        }

        return null;

        ushort Read2(ReadOnlySpan<byte> from) =>
            isBig ? BinaryPrimitives.ReadUInt16BigEndian(from) : BinaryPrimitives.ReadUInt16LittleEndian(from);

        uint Read4(ReadOnlySpan<byte> from) =>
            isBig ? BinaryPrimitives.ReadUInt32BigEndian(from) : BinaryPrimitives.ReadUInt32LittleEndian(from);
    }

    /// <summary>
    /// The first <c>tiff:Orientation</c>, an attribute or an element (XMP specification, part 2, section 3.2); null if there is none.
    /// </summary>
    internal static int? FindInXmp(ReadOnlySpan<byte> xmp)
    {
        var name = "tiff:Orientation"u8;
        while (xmp.IndexOf(name) is >= 0 and var at)
        {
            xmp = xmp[(at + name.Length)..];
            var digit = xmp switch
            {
                [(byte)'=', (byte)'"' or (byte)'\'', var attribute, ..] => attribute - '0',
                [(byte)'>', var element, ..] => element - '0',
                _ => -1,
            };
            if (digit is >= 0 and <= 9)
                return digit;
        }

        return null;
    }
}
