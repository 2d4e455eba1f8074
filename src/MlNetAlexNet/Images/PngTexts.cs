namespace MlNetAlexNet.Images;

/// <summary>
/// What a PNG holds deflated beside its pixels. Its decoder inflates each up to 8 MB and keeps a thousand, though nothing of it
/// is asked for: of 8 MB, 8 KB are stored.
/// </summary>
internal static class PngTexts
{
    /// <summary>Whether they are more bytes than that, all together. False if the file is no PNG.</summary>
    public static bool InflateBeyond(ReadOnlySpan<byte> file, long most)
    {
        var buffer = Span<byte>.Empty;
        foreach (var chunk in new PngChunks(file))
        {
            var text = new PngText(chunk);
            if (!text.IsDeflated)
                continue;

            if (buffer.IsEmpty)
                buffer = new byte[1 << 16];
            most -= text.CountInflated(most, buffer);
            if (most < 0)
                return true;
        }

        return false;
    }
}
