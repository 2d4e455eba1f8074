using SkiaSharp;

namespace MlNetAlexNet.Training.Datasets;

/// <summary>
/// Draws one picture: a large bright shape of any colour, slightly turned and off the middle, on a muted background
/// of a gradient, blobs and lines, under noise. Nothing but the outline depends on the class.
/// </summary>
internal static class ShapePicture
{
    internal const int Side = 256;

    private const int Blobs = 10;
    private const int Lines = 10;

    /// <summary>Radius in pixels: the shape fills a quarter to two thirds of the picture.</summary>
    private const float SmallestRadius = 70, LargestRadius = 95;

    /// <summary>The most a shape is turned, in degrees, so that a square never passes for a rhombus.</summary>
    private const float LargestTurn = 15;

    /// <summary>The most a shape is moved off the middle, in pixels; it stays inside a 227 crop but for its tips.</summary>
    private const float LargestShift = 18;

    /// <summary>Amplitude of the uniform noise on every value, of 255.</summary>
    private const int Noise = 12;

    internal static SKBitmap Draw(SKPath outline, Random random)
    {
        var bitmap = new SKBitmap(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        {
            DrawBackground(canvas, random);
            DrawShape(canvas, outline, random);
        }

        unsafe
        {
            AddNoise(new Span<byte>((void*)bitmap.GetPixels(), bitmap.ByteCount), random);
        }

        return bitmap;
    }

    private static void DrawBackground(SKCanvas canvas, Random random)
    {
        using var gradient = SKShader.CreateLinearGradient(
            new SKPoint(0, 0), Anywhere(random), [Muted(random), Muted(random)], SKShaderTileMode.Mirror);
        using var paint = new SKPaint { Shader = gradient, IsAntialias = true };
        canvas.DrawPaint(paint);
        paint.Shader = null;

        for (var i = 0; i < Blobs; i++)
        {
            paint.Color = Muted(random).WithAlpha((byte)random.Next(100, 256));
            canvas.DrawOval(Anywhere(random), new SKSize(Between(random, 8, 45), Between(random, 8, 45)), paint);
        }

        for (var i = 0; i < Lines; i++)
        {
            paint.Color = Muted(random);
            paint.StrokeWidth = Between(random, 1, 7);
            canvas.DrawLine(Anywhere(random), Anywhere(random), paint);
        }
    }

    private static void DrawShape(SKCanvas canvas, SKPath outline, Random random)
    {
        canvas.Translate(
            (Side / 2f) + Between(random, -LargestShift, LargestShift),
            (Side / 2f) + Between(random, -LargestShift, LargestShift));
        canvas.RotateDegrees(Between(random, -LargestTurn, LargestTurn));
        canvas.Scale(Between(random, SmallestRadius, LargestRadius));
        using var paint = new SKPaint { Color = Bright(random), IsAntialias = true };
        canvas.DrawPath(outline, paint);
    }

    private static void AddNoise(Span<byte> rgba, Random random)
    {
        var noise = new byte[rgba.Length];
        random.NextBytes(noise);
        for (var i = 0; i < rgba.Length; i++)
        {
            if (i % 4 != 3)
            {
                rgba[i] = (byte)Math.Clamp(rgba[i] + (noise[i] * Noise / 128) - Noise, 0, 255);
            }
        }
    }

    private static SKColor Muted(Random random) =>
        SKColor.FromHsv(Between(random, 0, 360), Between(random, 0, 40), Between(random, 5, 45));

    private static SKColor Bright(Random random) =>
        SKColor.FromHsv(Between(random, 0, 360), Between(random, 0, 70), Between(random, 85, 100));

    private static SKPoint Anywhere(Random random) => new(Between(random, 0, Side), Between(random, 0, Side));

    private static float Between(Random random, float low, float high) => low + ((high - low) * random.NextSingle());
}
