using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Data;

/// <summary>Mean and deviation of each colour over the training pictures: what <see cref="ImagePreprocessing"/> subtracts and divides by.</summary>
internal static class PixelStatistics
{
    public static ImagePreprocessing Preprocessing(PixelSet pixels, IReadOnlyList<int> indices, int crop)
    {
        var sums = new long[3];
        var squares = new long[3];
        foreach (var index in indices)
        {
            var picture = pixels[index];
            for (var i = 0; i < picture.Length; i++)
            {
                int value = picture[i];
                sums[i % 3] += value;
                squares[i % 3] += value * value;
            }
        }

        var count = (double)indices.Count * pixels.PictureBytes / 3;
        var mean = sums.Select(sum => sum / count).ToArray();
        var deviation = squares.Select((square, c) => Math.Sqrt(Math.Max(0, square / count - mean[c] * mean[c])));
        return new ImagePreprocessing(
            crop,
            [.. mean.Select(value => (float)value)],
            [.. deviation.Select(value => (float)Math.Max(value, 1))]) // one flat colour must not divide by 0
        {
            ImageSize = pixels.ImageSize,
        };
    }
}
