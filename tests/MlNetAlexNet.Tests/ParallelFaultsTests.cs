namespace MlNetAlexNet.Tests;

[TestClass]
public sealed class ParallelFaultsTests
{
    [TestMethod]
    public void Unwrap_FaultsOfThreads_ThrowsTheUsersFirst()
    {
        var thrown = Assert.ThrowsExactly<AlexNetException>(() => ParallelFaults.Unwrap(() => Enumerable.Range(0, 64).AsParallel()
            .Select(i => i % 2 == 0 ? throw new AlexNetException("the user's") : i < 64 ? throw new InvalidOperationException("other") : i)
            .ToArray()));

        Assert.AreEqual("the user's", thrown.Message);
    }

    [TestMethod]
    public void Unwrap_DefectOnAThread_ThrowsItAsItWas()
    {
        var thrown = Assert.ThrowsExactly<InvalidOperationException>(
            () => ParallelFaults.Unwrap(() => Parallel.For(0, 4, _ => Fail())));

        StringAssert.Contains(thrown.StackTrace, nameof(Fail));
    }

    [TestMethod]
    public void Unwrap_NoFault_GivesTheResult() => Assert.AreEqual(3, ParallelFaults.Unwrap(() => 3));

    private static void Fail() => throw new InvalidOperationException("a defect");
}
