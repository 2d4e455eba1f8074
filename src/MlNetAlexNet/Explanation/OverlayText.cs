using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using MlNetAlexNet.Images;

namespace MlNetAlexNet.Explanation;

/// <summary>
/// The texts of an overlay's PNG (PNG specification, section 11.3.3): what wrote it, by which it is known again, and what it shows, in
/// words that no font has to be found for.
/// </summary>
internal static class OverlayText
{
    private const string Software = "MlNetAlexNet occlusion overlay";

    // The signature, and the header with its length, name and checksum: texts may follow.
    private const int HeaderEnd = 8 + 4 + 4 + 13 + 4;

    /// <summary>A PNG with the texts of a map.</summary>
    public static byte[] AddTo(ReadOnlySpan<byte> png, OcclusionMap map) =>
        [.. png[..HeaderEnd], .. Chunk("Software", Software), .. Chunk("Description", Describe(map)), .. png[HeaderEnd..]];

    /// <summary>Whether a file is an overlay.</summary>
    public static bool IsIn(string path)
    {
        try
        {
            using var file = PictureFile.Open(path);
            var start = new byte[HeaderEnd + 200];
            var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            foreach (var chunk in new PngChunks(start.AsSpan(0, read)))
            {
                var text = new PngText(chunk);
                if (text.Keyword.SequenceEqual("Software"u8) && text.Stored.SequenceEqual(Encoding.UTF8.GetBytes(Software)))
                    return true;
            }

            return false;
        }
        catch (Exception fault) when (fault is AlexNetException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Describe(OcclusionMap map)
    {
        var peak = map.FindPart(map.Peak.Row, map.Peak.Column);
        return string.Create(CultureInfo.InvariantCulture,
            $"Evidence for '{map.Class}', probability {map.Probability:0.0000}, by occlusion: yellow speaks for it, blue against it. "
            + $"Full colour: {Math.Max(1, map.Values.Max(Math.Abs)):0.00} bits. Peak: {map[map.Peak.Row, map.Peak.Column]:0.00} bits, "
            + $"{peak.Width} x {peak.Height} pixels at ({peak.Left}, {peak.Top}) of {map.Width} x {map.Height}.");
    }

    // An iTXt chunk, not deflated, of no language: length, name, content, checksum of name and content.
    private static byte[] Chunk(string keyword, string text)
    {
        byte[] content = [.. "iTXt"u8, .. Encoding.ASCII.GetBytes(keyword), 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(text)];
        var (length, checksum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length - 4);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32.HashToUInt32(content));
        return [.. length, .. content, .. checksum];
    }
}
