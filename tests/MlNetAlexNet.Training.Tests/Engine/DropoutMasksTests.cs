using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class DropoutMasksTests
{
    private const int Count = 100_000;
    private const double Rate = 0.25;

    [TestMethod]
    public void Drop_OnTheCpu_DependsOnTheSeedAlone()
    {
        using var scope = NewDisposeScope();
        var first = Drop(seed: 1);
        manual_seed(99); // the process' own generator has no part in it
        CollectionAssert.AreEqual(first, Drop(seed: 1));
        CollectionAssert.AreNotEqual(first, Drop(seed: 2));
        RequireDropped(first);
    }

    [TestMethod]
    public void DropByTorch_AsOnAGpu_DropsAsManyAndKeepsTheMean()
    {
        using var scope = NewDisposeScope();
        RequireDropped([.. DropoutMasks.DropByTorch(ones(Count), Rate).data<float>()]);
    }

    private static float[] Drop(int seed)
    {
        using var masks = new DropoutMasks(seed, CPU);
        return [.. masks.Drop(ones(Count), Rate).data<float>()];
    }

    // The share that is dropped has a deviation of 0.0014.
    private static void RequireDropped(float[] values)
    {
        Assert.AreEqual(Rate, values.Count(value => value == 0) / (double)Count, 0.01);
        Assert.IsTrue(values.All(value => value == 0 || Math.Abs(value - 1 / (1 - Rate)) < 1e-6));
    }
}
