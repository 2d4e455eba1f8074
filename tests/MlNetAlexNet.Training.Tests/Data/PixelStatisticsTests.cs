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
