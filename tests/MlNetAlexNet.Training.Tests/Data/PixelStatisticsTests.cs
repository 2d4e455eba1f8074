using Microsoft.ML;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Data;

namespace MlNetAlexNet.Training.Tests.Data;

[TestClass]
public sealed class PixelStatisticsTests
{
    [TestMethod]
    public void Preprocessing_TwoFlatPictures_HasTheirMeanAndDeviation()
    {
        var pictures = TinyPictures.Rows(2, seed: 1);
        Fill(pictures[0].Pixels, 10, 20, 30);
        Fill(pictures[1].Pixels, 50, 20, 90);
        using var pixels = PixelReader.Read(
            TinyPictures.Data(new MLContext(1), pictures), "Pixels", "Label", TinyPictures.Classes, default);
        var preprocessing = PixelStatistics.Measure(new(pixels, [0, 1]), Unmeasured(3), default);
        CollectionAssert.AreEqual(new[] { 30f, 20f, 60f }, preprocessing.Mean.ToArray());
        CollectionAssert.AreEqual(new[] { 20f, 1f, 30f }, preprocessing.StandardDeviation.ToArray(), "a flat channel divides by 1");
        Assert.AreEqual(28, preprocessing.CropSize);
        Assert.AreEqual(TinyPictures.Size, preprocessing.ImageSize);
    }

    // 19595 x 10 + 38470 x 20 + 7471 x 30 + 32768 in 65536ths is 18; of 50, 20, 90 it is 37 (PIL, convert("L")).
    [TestMethod]
    public void Measure_OneChannel_IsOfTheGreyValues()
    {
        var pictures = TinyPictures.Rows(2, seed: 1);
        Fill(pictures[0].Pixels, 10, 20, 30);
        Fill(pictures[1].Pixels, 50, 20, 90);
        using var pixels = PixelReader.Read(
            TinyPictures.Data(new MLContext(1), pictures), "Pixels", "Label", TinyPictures.Classes, default);

        var preprocessing = PixelStatistics.Measure(new(pixels, [0, 1]), Unmeasured(1), default);

        CollectionAssert.AreEqual(new[] { 27.5f }, preprocessing.Mean.ToArray());
        CollectionAssert.AreEqual(new[] { 9.5f }, preprocessing.StandardDeviation.ToArray());
    }

    // Three pictures, one of them not used.
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void MeasureImage_OfTheUsedPictures_IsTheirMeanAtEveryPixel(int channels)
    {
        using var pixels = PixelReader.Read(
            TinyPictures.Data(new MLContext(1), TinyPictures.Rows(3, seed: 1)), "Pixels", "Label", TinyPictures.Classes, default);
        var (first, second) = (pixels.Picture(0), pixels.Picture(2));

        var preprocessing = PixelStatistics.MeasureImage(new(pixels, [0, 2]), Unmeasured(channels), default);

        const int Plane = TinyPictures.Size * TinyPictures.Size;
        var image = preprocessing.MeanImage!;
        Assert.HasCount(channels * Plane, image);
        for (var i = 0; i < image.Count; i++)
            Assert.AreEqual((Value(first, i) + Value(second, i)) / 2.0, image[i], 1e-5);
        for (var c = 0; c < channels; c++)
            Assert.AreEqual(image.Skip(c * Plane).Take(Plane).Average(), preprocessing.Mean[c], 1e-3);

        int Value(byte[] picture, int i) => channels == 1
            ? GreyValue.Of(picture[3 * i], picture[3 * i + 1], picture[3 * i + 2])
            : picture[i % Plane * 3 + i / Plane];
    }

    // Colours 100 + 30 (1, 2, 2) / 3 and 100 - 30 (1, 2, 2) / 3: one component, of a deviation of 30.
    [TestMethod]
    public void MeasureComponents_ColoursOnALine_MoveAlongItAsFarAsTheyDeviate()
    {
        var pictures = TinyPictures.Rows(2, seed: 1);
        Fill(pictures[0].Pixels, 110, 120, 120);
        Fill(pictures[1].Pixels, 90, 80, 80);
        using var pixels = PixelReader.Read(
            TinyPictures.Data(new MLContext(1), pictures), "Pixels", "Label", TinyPictures.Classes, default);
        var shift = new float[3];

        PixelStatistics.MeasureComponents(new(pixels, [0, 1]), 3, default).Shift(new Lighting(5, 5, 0.1), shift);

        var sign = Math.Sign(shift[0]);
        foreach (var (expected, actual) in new[] { 1.0, 2, 2 }.Zip(shift))
            Assert.AreEqual(expected, sign * actual, 1e-3);
    }

    // Whatever the components are: the shifts have the covariance of the colours, times the square of the deviation.
    [TestMethod]
    public void MeasureComponents_ManyDraws_ShiftAsTheColoursVary()
    {
        const int Draws = 20000;
        using var pixels = PixelReader.Read(
            TinyPictures.Data(new MLContext(1), TinyPictures.Rows(6, seed: 1)), "Pixels", "Label", TinyPictures.Classes, default);
        var colours = Enumerable.Range(0, 6).SelectMany(i => pixels.Picture(i).Chunk(3)).Select(rgb => rgb.Select(v => (double)v).ToArray());
        var components = PixelStatistics.MeasureComponents(new(pixels, [0, 1, 2, 3, 4, 5]), 3, default);
        var shifts = Enumerable.Range(0, Draws).Select(picture =>
        {
            var (random, shift) = (new PictureRandom(1, 1, picture), new float[3]);
            components.Shift(Lighting.Draw(0.1, ref random), shift);
            return shift.Select(v => (double)v).ToArray();
        });

        var (expected, actual) = (Covariance([.. colours]), Covariance([.. shifts]));

        for (var i = 0; i < 9; i++)
            Assert.AreEqual(0.01 * expected[i], actual[i], 0.03 * 0.01 * expected.Max());

        static double[] Covariance(double[][] rows)
        {
            var mean = Enumerable.Range(0, 3).Select(c => rows.Average(row => row[c])).ToArray();
            return [.. from a in Enumerable.Range(0, 3)
                       from b in Enumerable.Range(0, 3)
                       select rows.Average(row => (row[a] - mean[a]) * (row[b] - mean[b]))];
        }
    }

    private static ImagePreprocessing Unmeasured(int channels) =>
        new(28, new float[channels], [.. Enumerable.Repeat(1f, channels)]) { ImageSize = TinyPictures.Size };

    private static void Fill(byte[] pixels, byte red, byte green, byte blue)
    {
        for (var i = 0; i < pixels.Length; i += 3)
        {
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (red, green, blue);
        }
    }
}
