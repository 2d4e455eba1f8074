namespace MlNetAlexNet.Images;

/// <summary>The scans of a JPEG (ITU T.81, annex B), counted without decoding them.</summary>
internal static class JpegScans
{
    private const byte MarkerStart = 0xFF;
    private const byte StartOfScan = 0xDA;
    private const int Components = 7;     // where a frame's header says how many it has
    private const int ScanComponents = 2; // where a scan's does
    private const byte EndOfImage = 0xD9;
    private const int LengthBytes = 2;

    /// <summary>How many there are: one in most files; each of another goes over the whole picture again.</summary>
    public static int Count(ReadOnlySpan<byte> jpeg)
    {
        var (scans, components) = (0, 0);
        while (jpeg.IndexOf(MarkerStart) is >= 0 and var start && start + 1 < jpeg.Length)
        {
            jpeg = jpeg[start..];
            switch (jpeg[1])
            {
                case MarkerStart: // a filler
                    jpeg = jpeg[1..];
                    break;
                case 0 or 1 or (>= 0xD0 and <= 0xD8): // a byte of data, and markers without a segment
                    jpeg = jpeg[2..];
                    break;
                case EndOfImage:
                    return scans;
                case var code:
                    var segment = jpeg[2..];
                    segment = segment[..Math.Min(segment.Length, SegmentLength(segment))];
                    if (code is 0xC0 or 0xC1 && segment.Length > Components)
                        components = segment[Components]; // and not progressive
                    if (code == StartOfScan && ++scans == 1 && segment.Length > ScanComponents && segment[ScanComponents] == components)
                        return scans; // all of it is in this one
                    jpeg = jpeg[(2 + segment.Length)..];
                    break;
            }
        }

        return scans;
    }

    // Its own two bytes are in it.
    private static int SegmentLength(ReadOnlySpan<byte> segment) =>
        segment.Length < LengthBytes ? segment.Length : Math.Max(LengthBytes, (segment[0] << 8) | segment[1]);
}
