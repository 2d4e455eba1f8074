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
}
