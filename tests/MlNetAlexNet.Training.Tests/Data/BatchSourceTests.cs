using System.Collections;
using Microsoft.ML;
using MlNetAlexNet.Training.Data;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Data;

[TestClass]
public sealed class BatchSourceTests
{
    private const int Count = 11;

    // Milliseconds in which a thread that nothing holds up would get on.
    private const int Moments = 200;

    [TestMethod]
    public void TakeMiddles_BatchLargerThanTheRest_EndsWithASmallerBatch()
    {
        using var pixels = Pixels();
        var source = new BatchSource(All(pixels), batchSize: 4, side: 28, threads: 1);
        CollectionAssert.AreEqual(new[] { 4, 4, 3 }, source.TakeMiddles().Select(batch => batch.Count).ToArray());
        Assert.AreEqual(3, source.Steps);
    }

    [TestMethod]
    public void Shuffle_EveryEpoch_HoldsEveryPictureOnceInAnotherOrder()
    {
        using var pixels = Pixels();
        var source = new BatchSource(All(pixels), batchSize: 4, side: 32, threads: 2);
        var first = Fingerprints(source.Shuffle(seed: 1, epoch: 1, Augmentation.None));
        var second = Fingerprints(source.Shuffle(seed: 1, epoch: 2, Augmentation.None));
        var other = Fingerprints(source.Shuffle(seed: 2, epoch: 1, Augmentation.None));
        var again = Fingerprints(source.Shuffle(seed: 1, epoch: 1, Augmentation.None));
        Assert.AreEqual(Count, first.Distinct().Count());
        CollectionAssert.AreEquivalent(first, second);
        CollectionAssert.AreNotEqual(first, second);
        CollectionAssert.AreNotEqual(first, other);
        CollectionAssert.AreEqual(first, again);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(5)]
    [DataRow(20)]
    public void Shuffle_AnyNumberOfThreads_GivesTheSameBatches(int threads)
    {
        using var pixels = Pixels();
        var alone = new BatchSource(All(pixels), batchSize: 2, side: 28, threads: 1);
        var together = new BatchSource(All(pixels), batchSize: 2, side: 28, threads);

        CollectionAssert.AreEqual(
            Fingerprints(alone.Shuffle(seed: 1, epoch: 1, new Augmentation())),
            Fingerprints(together.Shuffle(seed: 1, epoch: 1, new Augmentation())));
    }

    // What is computed once for each view serves every epoch that takes it.
    [TestMethod]
    public void Shuffle_ViewOfAnEarlierEpoch_TakesItsViewsInTheEpochsOwnOrder()
    {
        using var pixels = Pixels();
        var source = new BatchSource(All(pixels), batchSize: 4, side: 28, threads: 2);
        var first = ByRow(source.Shuffle(seed: 1, epoch: 1, new Augmentation()));
        var later = ByRow(source.Shuffle(seed: 1, epoch: 6, new Augmentation(), view: 1));

        CollectionAssert.AreEqual(first.OrderBy(pair => pair.Row).ToArray(), later.OrderBy(pair => pair.Row).ToArray());
        CollectionAssert.AreNotEqual(first, later);

        static (int Row, string Picture)[] ByRow(IEnumerable<Batch> batches) =>
            [.. batches.SelectMany(batch => Enumerable.Range(0, batch.Count)
                .Select(i => (batch.Rows[i], Convert.ToHexString(batch.Picture(i)))).ToArray())];
    }

    // A machine that has a share of the pictures does with them what one that has all of them would.
    [TestMethod]
    public void Shuffle_ShareOfTheRows_HasTheOrderAndTheCropsOfTheWhole()
    {
        using var pixels = Pixels();
        var whole = new BatchSource(All(pixels), batchSize: 4, side: 28, threads: 2);
        var share = new BatchSource(new(pixels, [9, 1, 4, 6, 3]), batchSize: 2, side: 28, threads: 2);
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            var expected = Fingerprints(whole.Shuffle(seed: 1, epoch, new Augmentation()));
            var actual = Fingerprints(share.Shuffle(seed: 1, epoch, new Augmentation()));

            Assert.HasCount(5, actual);
            CollectionAssert.AreEqual(expected.Intersect(actual).ToArray(), actual);
        }
    }

    [TestMethod]
    public void Batch_Tensors_HoldPixelsAndLabelsOfTheSamePicture()
    {
        using var pixels = Pixels();
        var source = new BatchSource(new(pixels, [3, 7]), batchSize: 4, side: 32, threads: 1);
        foreach (var batch in source.TakeMiddles())
        {
            using var scope = NewDisposeScope();
            CollectionAssert.AreEqual(new long[] { 2, 32, 32, 3 }, batch.Pixels.shape);
            CollectionAssert.AreEqual(pixels.Picture(7), batch.Pixels[1].contiguous().bytes.ToArray());
            CollectionAssert.AreEqual(
                new long[] { pixels.Labels[3], pixels.Labels[7] }, batch.Labels.data<long>().ToArray());
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void TakeMiddles_BatchInUse_StaysAsItIsWhileEachThreadLoadsOneMore(int threads)
    {
        using var pixels = Pixels();
        var expected = new byte[28 * 28 * 3];
        Crop.TakeMiddle(32, 28).Cut(pixels.Picture(0), 32, expected, 28);
        var read = 0;
        var source = Source(pixels, threads, row =>
        {
            Interlocked.Increment(ref read);
            return 0;
        });
        using var batches = source.TakeMiddles().GetEnumerator();

        Assert.IsTrue(batches.MoveNext());
        Assert.IsTrue(SpinWait.SpinUntil(() => Volatile.Read(ref read) == threads + 1, Moments * 50), "loads ahead");
        Thread.Sleep(Moments);
        Assert.AreEqual(threads + 1, Volatile.Read(ref read), "loads no further");
        CollectionAssert.AreEqual(expected, batches.Current.Picture(0).ToArray());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void TakeMiddles_LeftEarly_WaitsForTheThreadsAtWork(int threads)
    {
        using var pixels = Pixels();
        using var goOn = new ManualResetEventSlim();
        using var atWork = new CountdownEvent(threads);
        var source = Source(pixels, threads, row =>
        {
            if (row > 0)
            {
                atWork.Signal();
                goOn.Wait();
            }

            return row;
        });

        var batches = source.TakeMiddles().GetEnumerator();
        Assert.IsTrue(batches.MoveNext());
        Assert.IsTrue(atWork.Wait(Moments * 50), "loads ahead");

        var leaving = new Thread(batches.Dispose); // not of the pool, whose threads are held up
        leaving.Start();

        Assert.IsFalse(leaving.Join(Moments), "It left while pictures were still read.");
        goOn.Set();
        Assert.IsTrue(leaving.Join(Moments * 50));
    }

    [TestMethod]
    public void TakeMiddles_ReadingFails_SaysSoOnceInItsTurnAndLeavesNoThreadAtWork()
    {
        using var pixels = Pixels();
        using var nextBegun = new ManualResetEventSlim();
        var atWork = 0;
        var source = Source(pixels, threads: 3, row =>
        {
            Interlocked.Increment(ref atWork);
            if (row == 2)
            {
                nextBegun.Wait();
            }
            else if (row == 3)
            {
                nextBegun.Set();
                Thread.Sleep(Moments);
            }

            Interlocked.Decrement(ref atWork);
            return row is 2 or 3 ? throw new AlexNetException($"row {row}") : row;
        });
        using var batches = source.TakeMiddles().GetEnumerator();

        Assert.IsTrue(batches.MoveNext());
        Assert.IsTrue(batches.MoveNext());
        var fault = Assert.ThrowsExactly<AlexNetException>(() => batches.MoveNext());
        Assert.AreEqual(0, Volatile.Read(ref atWork));
        Assert.AreEqual("row 2", fault.Message);
        Assert.IsFalse(batches.MoveNext());
    }

    private static string[] Fingerprints(IEnumerable<Batch> batches) =>
        [.. batches.SelectMany(batch => Enumerable.Range(0, batch.Count)
            .Select(i => Convert.ToHexString(batch.Picture(i)[..60])).ToArray())];

    private static PixelRows All(PixelSet pixels) => new(pixels, [.. Enumerable.Range(0, Count)]);

    // A picture a batch, whose class comes from the test.
    private static BatchSource Source(PixelSet pixels, int threads, Func<int, int> labelOf) =>
        new(All(pixels with { Labels = new Labels(labelOf) }), batchSize: 1, side: 28, threads);

    private static PixelSet Pixels()
    {
        var ml = new MLContext(1);
        return PixelReader.Read(
            TinyPictures.Data(ml, TinyPictures.Rows(Count, seed: 5)), "Pixels", "Label", TinyPictures.Classes, default);
    }

    private sealed class Labels(Func<int, int> labelOf) : IReadOnlyList<int>
    {
        int IReadOnlyCollection<int>.Count => BatchSourceTests.Count;

        public int this[int row] => labelOf(row);

        public IEnumerator<int> GetEnumerator() => throw new NotSupportedException();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
