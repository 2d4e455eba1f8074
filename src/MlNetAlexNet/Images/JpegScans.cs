namespace MlNetAlexNet.Images;

/// <summary>The scans of a JPEG (ITU T.81, annex B), counted without decoding them.</summary>
internal static class JpegScans
{
    private const int Components = 5;     // where a frame's header says how many it has
    private const int ScanComponents = 0; // where a scan's does

    /// <summary>How many there are: one in most files; each of another goes over the whole picture again.</summary>
    public static int Count(ReadOnlySpan<byte> jpeg)
    {
        var (scans, components) = (0, 0);
        for (var segments = new JpegSegments(jpeg); segments.MoveNext();)
        {
            var content = segments.Content;
            if (segments.Marker is 0xC0 or 0xC1 && content.Length > Components)
                components = content[Components]; // and not progressive
            if (segments.Marker == JpegSegments.StartOfScan && ++scans == 1
                && content.Length > ScanComponents && content[ScanComponents] == components)
            {
                return scans; // all of it is in this one
            }
        }

        return scans;
    }
}
