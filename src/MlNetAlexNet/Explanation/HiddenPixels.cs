using System.Runtime.InteropServices;
using SkiaSharp;

namespace MlNetAlexNet.Explanation;

/// <summary>A square picture of which parts are hidden.</summary>
internal sealed class HiddenPixels
{
    // A share of the side: what is left of it are patches of colour as large as the hiding square.
    private const double BlurShare = 1 / 16.0;
    private const byte MiddleGrey = 128;

    private readonly byte[] _picture;
    private readonly byte[] _fill;
    private readonly int _side;
    private readonly SKRectI _area;

    /// <param name="picture">Side x side x 3 bytes: rows of red, green, blue.</param>
    /// <param name="side">In pixels.</param>
    /// <param name="area">Where the picture is, without what it was padded with: that is never hidden.</param>
    /// <param name="fill">What hides.</param>
    public HiddenPixels(byte[] picture, int side, SKRectI area, OcclusionFill fill)
    {
        (_picture, _side, _area) = (picture, side, area);
        _fill = fill switch
        {
            OcclusionFill.Mean => Uniform(MeanColour()),
            OcclusionFill.Grey => Uniform([MiddleGrey, MiddleGrey, MiddleGrey]),
            OcclusionFill.Blur => Blur(),
            _ => throw new NotSupportedException($"The fill {fill} is not known."),
        };
    }

    /// <summary>Writes the picture with one part hidden.</summary>
    /// <param name="hidden">The part.</param>
    /// <param name="pixels">Receives side x side x 3 bytes.</param>
    public void Write(SKRectI hidden, Span<byte> pixels)
    {
        _picture.CopyTo(pixels);
        var part = SKRectI.Intersect(hidden, _area);
        for (var y = part.Top; y < part.Bottom; y++)
        {
            var (start, length) = (3 * ((y * _side) + part.Left), 3 * part.Width);
            _fill.AsSpan(start, length).CopyTo(pixels[start..]);
        }
    }

    private byte[] Uniform(ReadOnlySpan<byte> colour)
    {
        var fill = new byte[_picture.Length];
        for (var i = 0; i < fill.Length; i++)
            fill[i] = colour[i % 3];
        return fill;
    }

    private byte[] MeanColour()
    {
        Span<long> sums = stackalloc long[3];
        for (var y = _area.Top; y < _area.Bottom; y++)
        {
            for (var i = 3 * ((y * _side) + _area.Left); i < 3 * ((y * _side) + _area.Right); i++)
                sums[i % 3] += _picture[i];
        }

        var pixels = (long)_area.Width * _area.Height;
        return [Mean(sums[0]), Mean(sums[1]), Mean(sums[2])];

        byte Mean(long sum) => (byte)((sum + (pixels / 2)) / pixels);
    }

    // Beyond its edges the picture goes on as it ends there.
    private byte[] Blur()
    {
        var sigma = (float)(_side * BlurShare);
        var whole = SKRect.Create(_area.Width, _area.Height);
        using var sharp = new SKBitmap(new SKImageInfo(_area.Width, _area.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var smooth = new SKBitmap(sharp.Info);
        using var canvas = new SKCanvas(smooth);
        using var filter = SKImageFilter.CreateBlur(sigma, sigma, SKShaderTileMode.Clamp, null, whole);
        using var paint = new SKPaint { ImageFilter = filter };
        var rgba = new byte[4 * _area.Width * _area.Height];
        Copy((three, four) => _picture.AsSpan(three, 3).CopyTo(rgba.AsSpan(four)));
        Marshal.Copy(rgba, 0, sharp.GetPixels(), rgba.Length);
        canvas.DrawBitmap(sharp, 0, 0, paint);
        Marshal.Copy(smooth.GetPixels(), rgba, 0, rgba.Length);
        var fill = (byte[])_picture.Clone();
        Copy((three, four) => rgba.AsSpan(four, 3).CopyTo(fill.AsSpan(three)));
        return fill;

        // Where each pixel is among three bytes a pixel of the square, and among four of the area.
        void Copy(Action<int, int> copy)
        {
            for (var i = 0; i < _area.Width * _area.Height; i++)
                copy(3 * (((_area.Top + (i / _area.Width)) * _side) + _area.Left + (i % _area.Width)), 4 * i);
        }
    }
}
