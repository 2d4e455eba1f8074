using System.Runtime.InteropServices;
using SkiaSharp;

namespace MlNetAlexNet.Explanation;

/// <summary>The picture of a map.</summary>
internal static class Overlay
{
    // Bits that have the full colour at least, half of the odds: a map of less has no peak worth its colour.
    private const float LeastScale = 1;

    // The full colour leaves so much of the picture to see.
    private const float MostOpacity = 0.8f;

    // Greys are drawn together around the middle of the colour map, so that no white or black of the picture is taken for a value.
    private const float Contrast = 0.6f;
    private const float Middle = 124;

    // What the network does not see is so much darker.
    private const float Dimmed = 0.35f;

    /// <summary>Draws it.</summary>
    /// <returns>A PNG.</returns>
    public static byte[] Draw(OcclusionMap map, ExplainedPicture picture, HiddenSquares squares)
    {
        var backdrop = picture.Backdrop;
        using var bitmap = new SKBitmap(new SKImageInfo(backdrop.Width, backdrop.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var rgba = DrawMap(map, picture, squares);
        Marshal.Copy(rgba, 0, bitmap.GetPixels(), rgba.Length);
        if (map[map.Peak.Row, map.Peak.Column] > LeastScale)
            Frame(bitmap, map);

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return OverlayText.AddTo(png.AsSpan(), map);
    }

    private static byte[] DrawMap(OcclusionMap map, ExplainedPicture picture, HiddenSquares squares)
    {
        var (backdrop, place) = (picture.Backdrop, picture.Place);
        var rgba = new byte[4 * backdrop.Grey.Length];
        var strongest = Math.Max(LeastScale, map.Values.Max(Math.Abs));
        var smooth = new SmoothMap(map.Values, map.Positions);
        for (int y = 0, at = 0; y < backdrop.Height; y++)
        {
            var row = place.Top + ((y + 0.5f) * place.Height / backdrop.Height); // of the square, in its pixels
            for (var x = 0; x < backdrop.Width; x++, at++)
            {
                var column = place.Left + ((x + 0.5f) * place.Width / backdrop.Width);
                var grey = Middle + ((backdrop.Grey[at] - Middle) * Contrast);
                var isSeen = row >= 0 && row < squares.Side && column >= 0 && column < squares.Side;
                var value = isSeen
                    ? Math.Clamp(smooth.At(squares.PlaceOf(row), squares.PlaceOf(column)) / strongest, -1, 1)
                    : 0;
                var (opacity, colour) = (MostOpacity * MathF.Sqrt(MathF.Abs(value)), Cividis.Of(value));
                var light = isSeen ? 1 : Dimmed;
                rgba[4 * at] = Mix(colour.Red);
                rgba[(4 * at) + 1] = Mix(colour.Green);
                rgba[(4 * at) + 2] = Mix(colour.Blue);
                rgba[(4 * at) + 3] = byte.MaxValue;

                byte Mix(float heat) => (byte)MathF.Round(light * (grey + ((heat - grey) * opacity)));
            }
        }

        return rgba;
    }

    // White within black is seen on every ground.
    private static void Frame(SKBitmap bitmap, OcclusionMap map)
    {
        var part = map.FindPart(map.Peak.Row, map.Peak.Column);
        var (across, down) = ((float)bitmap.Width / map.Width, (float)bitmap.Height / map.Height);
        var frame = SKRect.Create(part.Left * across, part.Top * down, part.Width * across, part.Height * down);
        frame.Inflate(-2, -2);
        using var canvas = new SKCanvas(bitmap);
        using var black = new SKPaint { Style = SKPaintStyle.Stroke, StrokeWidth = 4, Color = SKColors.Black };
        using var white = new SKPaint { Style = SKPaintStyle.Stroke, StrokeWidth = 2, Color = SKColors.White };
        canvas.DrawRect(frame, black);
        canvas.DrawRect(frame, white);
    }
}
