using Microsoft.ML;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Data;
using MlNetAlexNet.Training.Engine;
using MlNetAlexNet.Training.Tests.Data;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

/// <summary>Normalised values against hand arithmetic on each pixel, for the batches of the CPU and of a GPU.</summary>
[TestClass]
public sealed class PixelNormalizationTests
{
    private const int Size = TinyPictures.Size;
    private const int Crop = 28;
    private const int Count = 7;

    private static readonly Augmentation Drawn = new() { Lighting = 0.5 };

    [TestMethod]
    [DataRow(3, 28, false)]
    [DataRow(3, 28, true)]
    [DataRow(3, 20, true)]
    [DataRow(1, 28, false)]
    [DataRow(1, 20, true)]
    public void Apply_SquaresAnywhere_SubtractsTheirPartOfTheMeanImageAndAddsTheirLight(int channels, int side, bool isForAGpu)
    {
        using var pixels = Pixels();
        var rows = new PixelRows(pixels, [.. Enumerable.Range(0, Count)]);
        var components = PixelStatistics.MeasureComponents(rows, channels, default);
        using var source = new BatchSource(
            rows, batchSize: 4, Crop, threads: 2, isForAGpu ? CPU : null, held: 4, components);
        var preprocessing = Preprocessing(channels);
        using var normalization = new PixelNormalization(preprocessing, CPU, ScalarType.Float32);
        var mirrored = new HashSet<bool>();
        foreach (var batch in source.Shuffle(seed: 3, epoch: 2, Drawn, side))
        {
            using var scope = NewDisposeScope();
            var values = normalization.Apply(batch);
            CollectionAssert.AreEqual(new long[] { batch.Count, channels, side, side }, values.shape);
            for (var i = 0; i < batch.Count; i++)
            {
                var view = View.Draw(Size, side, Drawn, 3, 2, batch.Rows[i]);
                var shift = new float[channels];
                components.Shift(view.Lighting, shift);
                Assert.IsGreaterThan(0.01, shift.Max(Math.Abs));
                mirrored.Add(view.Crop!.Value.IsMirrored);
                AssertValues(pixels.Picture(batch.Rows[i]), view.Crop!.Value, shift, preprocessing, values[i]);
            }
        }

        Assert.HasCount(2, mirrored);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Apply_Middles_SubtractsTheMiddleOfTheMeanImageAlone(int channels)
    {
        using var pixels = Pixels();
        var rows = new PixelRows(pixels, [0, 1, 2]);
        using var source = new BatchSource(
            rows, batchSize: 4, Crop, threads: 1, components: PixelStatistics.MeasureComponents(rows, channels, default));
        var preprocessing = Preprocessing(channels);
        using var normalization = new PixelNormalization(preprocessing, CPU, ScalarType.Float32);
        foreach (var batch in source.TakeMiddles())
        {
            using var scope = NewDisposeScope();
            foreach (var values in (Tensor[])[normalization.Apply(batch), normalization.Apply(batch.Pixels)])
            {
                for (var i = 0; i < 3; i++)
                    AssertValues(pixels.Picture(i), Training.Data.Crop.TakeMiddle(Size, Crop), new float[channels], preprocessing, values[i]);
            }
        }
    }

    private static void AssertValues(
        byte[] picture, Crop crop, float[] shift, ImagePreprocessing preprocessing, Tensor values)
    {
        var (channels, side) = ((int)values.shape[0], (int)values.shape[1]);
        var actual = values.contiguous().data<float>().ToArray();
        for (var i = 0; i < actual.Length; i++)
        {
            var (c, y, x) = (i / side / side, i / side % side, i % side);
            var (top, left) = (crop.Top + y, crop.Left + (crop.IsMirrored ? side - 1 - x : x));
            var pixel = picture.AsSpan((top * Size + left) * 3, 3);
            var value = channels == 1 ? GreyValue.Of(pixel[0], pixel[1], pixel[2]) : pixel[c];
            var expected = (value - preprocessing.MeanImage![(c * Size + top) * Size + left] + shift[c])
                / preprocessing.StandardDeviation[c];
            Assert.AreEqual(expected, actual[i], 1e-4);
        }
    }

    private static ImagePreprocessing Preprocessing(int channels)
    {
        var random = new Random(1);
        return new ImagePreprocessing(Crop, new float[channels], [.. Enumerable.Range(0, channels).Select(c => 2f + c)])
        {
            ImageSize = Size,
        }.WithMeanImage([.. Enumerable.Range(0, channels * Size * Size).Select(_ => 255 * random.NextSingle())]);
    }

    private static PixelSet Pixels() => PixelReader.Read(
        TinyPictures.Data(new MLContext(1), TinyPictures.Rows(Count, seed: 5)), "Pixels", "Label", TinyPictures.Classes, default);
}
