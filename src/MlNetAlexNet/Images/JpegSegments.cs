namespace MlNetAlexNet.Images;

/// <summary>
/// The segments of a JPEG (ITU T.81, annex B) and its end, also those behind the data of a scan, which is skipped; none if the
/// file is no JPEG. Whatever the bytes are, it ends with the last of them.
/// </summary>
/// <param name="file">The file's bytes.</param>
internal ref struct JpegSegments(ReadOnlySpan<byte> file)
{
    /// <summary>Marker of a scan's header; data follows.</summary>
    public const byte StartOfScan = 0xDA;

    /// <summary>Marker of the end.</summary>
    public const byte EndOfImage = 0xD9;

    private const byte MarkerStart = 0xFF;
    private const int LengthBytes = 2;

    private ReadOnlySpan<byte> _rest = file is [MarkerStart, 0xD8, ..] ? file[2..] : [];

    /// <summary>The byte that says what it is.</summary>
    public byte Marker { get; private set; }

    /// <summary>What it holds, as much of it as there is.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>Goes on to the next; false behind the last.</summary>
    public bool MoveNext()
    {
        while (Marker != EndOfImage && _rest.IndexOf(MarkerStart) is >= 0 and var start && start + 1 < _rest.Length)
        {
            var marker = _rest[start + 1];
            if (marker == MarkerStart) // a filler
            {
                _rest = _rest[(start + 1)..];
                continue;
            }

            _rest = _rest[(start + 2)..];
            if (marker is 0 or 1 or (>= 0xD0 and <= 0xD8)) // a byte of data, and markers without a segment
                continue;

            var segment = marker == EndOfImage ? [] : _rest[..Math.Min(_rest.Length, SegmentLength(_rest))];
            _rest = _rest[segment.Length..];
            Marker = marker;
            Content = segment.Length > LengthBytes ? segment[LengthBytes..] : [];
            return true;
        }

        return false;
    }

    // Its own two bytes are in it.
    private static int SegmentLength(ReadOnlySpan<byte> segment) =>
        segment.Length < LengthBytes ? segment.Length : Math.Max(LengthBytes, (segment[0] << 8) | segment[1]);
}
