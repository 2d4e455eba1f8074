using SkiaSharp;

namespace MlNetAlexNet.Images;

/// <summary>
/// A JPEG is stored as blocks of 8 x 8 frequencies, and its decoder can leave the high ones out and make blocks of
/// fewer pixels, in less time than all of them take.
/// </summary>
internal static class JpegScale
{
    // 7/8 takes libjpeg-turbo as long as the whole picture (tests/Benchmarks).
    private const int MostEighths = 6;

    /// <summary>The smallest size whose shorter side has at least as many pixels; the whole picture's if none.</summary>
    public static SKSizeI Smallest(SKCodec codec, int shorterSide)
    {
        for (var eighths = 1; eighths <= MostEighths; eighths++)
        {
            var size = codec.GetScaledDimensions(eighths / 8f);
            if (Math.Min(size.Width, size.Height) >= shorterSide)
                return size;
        }

        return codec.Info.Size;
    }
}
