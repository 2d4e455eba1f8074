using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class DropoutMasksTests
{
    private const int Count = 100_000;
    private const double Rate = 0.25;

    [TestMethod]
    public void Drop_OnTheCpu_DependsOnSeedAndStepAlone()
    {
        using var scope = NewDisposeScope();
        var first = Drop(seed: 1, step: 3);
        manual_seed(99); // the process' own generator has no part in it
        CollectionAssert.AreEqual(first, Drop(seed: 1, step: 3));
        CollectionAssert.AreNotEqual(first, Drop(seed: 2, step: 3));
        CollectionAssert.AreNotEqual(first, Drop(seed: 1, step: 4));
        RequireDropped(first);
    }

    [TestMethod]
    public void DropByTorch_AsOnAGpu_DropsAsManyAndKeepsTheMean()
    {
        using var scope = NewDisposeScope();
        RequireDropped([.. DropoutMasks.DropByTorch(ones(Count), Rate).data<float>()]);
    }

    // A place is kept by the masks of two steps as often as by chance.
    [TestMethod]
    public void Drop_NextStep_IsIndependent()
    {
        using var scope = NewDisposeScope();
        var (one, next) = (Drop(seed: 1, step: 0), Drop(seed: 1, step: 1));
        var both = one.Zip(next).Count(pair => pair.First > 0 && pair.Second > 0);
        Assert.AreEqual((1 - Rate) * (1 - Rate), both / (double)Count, 0.01); // 6 standard deviations
    }

    private static float[] Drop(int seed, int step)
    {
        using var masks = new DropoutMasks(seed, CPU);
        masks.BeginStep(step);
        return [.. masks.Drop(ones(Count), Rate).data<float>()];
    }

    // The share that is dropped has a deviation of 0.0014.
    private static void RequireDropped(float[] values)
    {
        Assert.AreEqual(Rate, values.Count(value => value == 0) / (double)Count, 0.01);
        Assert.IsTrue(values.All(value => value == 0 || Math.Abs(value - 1 / (1 - Rate)) < 1e-6));
    }
}
