using Microsoft.ML;
using MlNetAlexNet.Training.Data;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Data;

[TestClass]
public sealed class BatchSourceTests
{
    private const int Count = 11;

    [TestMethod]
    public void Middles_BatchLargerThanTheRest_EndsWithASmallerBatch()
    {
        using var pixels = Pixels();
        var source = new BatchSource(All(pixels), batchSize: 4, crop: 28);
        CollectionAssert.AreEqual(new[] { 4, 4, 3 }, source.Middles().Select(batch => batch.Count).ToArray());
        Assert.AreEqual(3, source.Steps);
    }

    [TestMethod]
    public void Shuffled_EveryPass_HoldsEveryPictureOnceInAnotherOrder()
    {
        using var pixels = Pixels();
        var source = new BatchSource(All(pixels), batchSize: 4, crop: 32);
        var first = Fingerprints(source.Shuffled(new Random(1), augment: false));
        var second = Fingerprints(source.Shuffled(new Random(2), augment: false));
        var again = Fingerprints(source.Shuffled(new Random(1), augment: false));
        Assert.AreEqual(Count, first.Distinct().Count());
        CollectionAssert.AreEquivalent(first, second);
        CollectionAssert.AreNotEqual(first, second);
        CollectionAssert.AreEqual(first, again);
    }

    [TestMethod]
    public void Batch_Tensors_HoldPixelsAndLabelsOfTheSamePicture()
    {
        using var pixels = Pixels();
        var source = new BatchSource(new(pixels, [3, 7]), batchSize: 4, crop: 32);
        foreach (var batch in source.Middles())
        {
            using var scope = NewDisposeScope();
            CollectionAssert.AreEqual(new long[] { 2, 32, 32, 3 }, batch.Pixels.shape);
            CollectionAssert.AreEqual(pixels.Picture(7), batch.Pixels[1].contiguous().bytes.ToArray());
            CollectionAssert.AreEqual(
                new long[] { pixels.Labels[3], pixels.Labels[7] }, batch.Labels.data<long>().ToArray());
        }
    }

    [TestMethod]
    [Timeout(20_000, CooperativeCancellation = false)]
    public void Shuffled_LeftEarly_EndsItsThread()
    {
        using var pixels = Pixels();
        var source = new BatchSource(All(pixels), batchSize: 1, crop: 28);
        Assert.AreEqual(1, source.Shuffled(new Random(1), augment: true).First().Count);
    }

    private static string[] Fingerprints(IEnumerable<Batch> batches) =>
        [.. batches.SelectMany(batch => Enumerable.Range(0, batch.Count)
            .Select(i => Convert.ToHexString(batch.Picture(i)[..60])).ToArray())];

    private static PixelRows All(PixelSet pixels) => new(pixels, [.. Enumerable.Range(0, Count)]);

    private static PixelSet Pixels()
    {
        var ml = new MLContext(1);
        return PixelReader.Read(
            TinyPictures.Data(ml, TinyPictures.Rows(Count, seed: 5)), "Pixels", "Label", TinyPictures.Classes, default);
    }
}
