using Microsoft.ML;
using MlNetAlexNet.Training.Data;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Data;

/// <summary>The batches of a GPU, on the CPU.</summary>
[TestClass]
public sealed class DeviceBatchTests
{
    private const int Count = 23;

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Shuffle_ForAGpu_GivesTheBytesAndClassesOfTheCpu(int threads)
    {
        using var pixels = Pixels();
        using var cpu = new BatchSource(All(pixels), batchSize: 4, side: 28, threads);
        using var card = new BatchSource(All(pixels), batchSize: 4, side: 28, threads, CPU, held: 4);
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            CollectionAssert.AreEqual(
                Read(cpu.Shuffle(1, epoch, new Augmentation())), Read(card.Shuffle(1, epoch, new Augmentation())));
        }

        CollectionAssert.AreEqual(Read(cpu.TakeMiddles()), Read(card.TakeMiddles()));
    }

    // A copy to a GPU may be under way until the reading after it.
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Shuffle_BatchesThatAreHeld_AreNotFilledAgain(int threads)
    {
        const int held = 4;
        using var pixels = Pixels();
        using var source = new BatchSource(All(pixels), batchSize: 1, side: 28, threads, CPU, held);
        var inHand = new List<(Batch Batch, byte[] Bytes)>();
        foreach (var batch in source.Shuffle(1, 1, new Augmentation()))
        {
            foreach (var (before, bytes) in inHand.TakeLast(held - 1))
            {
                CollectionAssert.AreEqual(bytes, before.Picture(0).ToArray());
            }

            Assert.IsFalse(inHand.TakeLast(held - 1).Any(before => before.Batch == batch));
            inHand.Add((batch, batch.Picture(0).ToArray()));
            Thread.Sleep(1); // for the threads to go as far ahead as they may
        }

        Assert.HasCount(threads + held, inHand.Select(before => before.Batch).Distinct());
    }

    private static string[] Read(IEnumerable<Batch> batches) => [.. batches.Select(batch =>
    {
        using var scope = NewDisposeScope();
        return string.Join(
            ' ',
            batch.Count,
            Convert.ToHexString(batch.Pixels.bytes),
            string.Join(',', batch.Labels.data<long>().ToArray()));
    })];

    private static PixelRows All(PixelSet pixels) => new(pixels, [.. Enumerable.Range(0, Count)]);

    private static PixelSet Pixels()
    {
        var ml = new MLContext(1);
        return PixelReader.Read(
            TinyPictures.Data(ml, TinyPictures.Rows(Count, seed: 5)), "Pixels", "Label", TinyPictures.Classes, default);
    }
}
