using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Engine;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class PictureSizesTests
{
    [TestMethod]
    public void Get_GrowingFrom128_ReachesTheStacksAfterThreeQuarters()
    {
        var sizes = new PictureSizes(first: 128, last: 227, epochs: 8);
        int[] expected = [128, 144, 160, 176, 192, 208, 227, 227]; // 128 + 16.5 (epoch - 1), to whole sixteens
        CollectionAssert.AreEqual(expected, Enumerable.Range(1, 8).Select(sizes.Get).ToArray());
    }

    [TestMethod]
    public void Get_NoFirstSize_IsTheStacks() =>
        Assert.AreEqual(227, new PictureSizes(null, 227, 3).Get(1));

    [TestMethod]
    [DataRow(128)]
    [DataRow(176)]
    public void Resize_ReferenceStack_HasTheSameWeights(int side)
    {
        var plan = AlexNet.Keras(10, dropout: 0.5).Plan();
        var resized = PictureSizes.Resize(plan, side);
        Assert.AreEqual(side, resized.Input.Height);
        CollectionAssert.AreEqual(
            plan.Weights.Select(weight => $"{weight.Key} {string.Join("x", weight.Shape.Dimensions)}").ToArray(),
            resized.Weights.Select(weight => $"{weight.Key} {string.Join("x", weight.Shape.Dimensions)}").ToArray());
    }
}
