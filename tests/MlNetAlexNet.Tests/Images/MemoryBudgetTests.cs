using MlNetAlexNet.Images;

namespace MlNetAlexNet.Tests.Images;

[TestClass]
public sealed class MemoryBudgetTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [TestMethod]
    public void Take_ManyThreadsWithDemandsOfAllSizes_NeverHoldMoreThanThereIs()
    {
        var budget = new MemoryBudget(100);
        var (held, most) = (0L, 0L);
        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
        {
            var bytes = 1 + (i * 37 % 150); // some want more than there is
            using var share = budget.Take(bytes, CancellationToken.None);
            var now = Interlocked.Add(ref held, Math.Min(bytes, 100));
            lock (budget)
                most = Math.Max(most, now);
            Thread.Yield();
            Interlocked.Add(ref held, -Math.Min(bytes, 100));
        });

        Assert.IsLessThanOrEqualTo(100L, most);
        Assert.AreEqual(100, budget.Left);
    }

    [TestMethod]
    public void Take_LargeDemandBeforeSmallOnes_IsNotPassedOver()
    {
        var budget = new MemoryBudget(100);
        var first = budget.Take(50, CancellationToken.None);
        var large = Task.Run(() => budget.Take(100, CancellationToken.None));
        Assert.IsFalse(large.Wait(50));
        var small = Task.Run(() => budget.Take(1, CancellationToken.None));
        Assert.IsFalse(small.Wait(50), "there would be room, but it is not its turn");

        first.Dispose();
        Assert.IsTrue(large.Wait(s_patience));
        Assert.IsFalse(small.IsCompleted);
        large.Result.Dispose();
        Assert.IsTrue(small.Wait(s_patience));
    }

    [TestMethod]
    public void Take_Cancelled_LeavesTheQueueAndLetsTheNextOneIn()
    {
        var budget = new MemoryBudget(100);
        using var first = budget.Take(50, CancellationToken.None);
        using var source = new CancellationTokenSource();
        var large = Task.Run(() => budget.Take(100, source.Token));
        Assert.IsFalse(large.Wait(50));
        var small = Task.Run(() => budget.Take(50, CancellationToken.None));
        Assert.IsFalse(small.Wait(50));

        source.Cancel();

        Assert.IsTrue(small.Wait(s_patience));
        Assert.IsInstanceOfType<OperationCanceledException>(Assert.ThrowsExactly<AggregateException>(large.Wait).InnerException);
        small.Result.Dispose();
        small.Result.Dispose(); // once more gives nothing more
        Assert.AreEqual(50, budget.Left);
    }
}
