using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Engine;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class PictureSizesTests
{
    [TestMethod]
    public void Get_GrowingFrom128_ReachesTheStacksAfterThreeQuarters()
    {
        var sizes = new PictureSizes(128.0 / 227, Reference, epochs: 8);
        int[] expected = [128, 144, 160, 176, 192, 208, 227, 227]; // 128 + 16.5 (epoch - 1), to whole sixteens
        CollectionAssert.AreEqual(expected, Enumerable.Range(1, 8).Select(sizes.Get).ToArray());
    }

    [TestMethod]
    public void Get_NoFirstSize_IsTheStacks() =>
        Assert.AreEqual(227, new PictureSizes(null, Reference, 3).Get(1));

    // The reference stack takes 67 pixels: 11 + 4 x 14 are 15 rows, pooled to 7, to 3 and to 1; of 1, 17, ... the first is
    // 81. Of a stack whose kernel is as large as its image no smaller square can be taken.
    [TestMethod]
    public void Get_FirstSizeThatTheStackCannotTake_IsTheFirstThatItCan()
    {
        Assert.AreEqual(81, new PictureSizes(0.0001, Reference, 3).Get(1));
        Assert.AreEqual(24, new PictureSizes(0.5, Whole, 3).Get(1));
    }

    private static LayerPlan Reference => AlexNet.Keras(10, dropout: 0.5).Plan();

    private static LayerPlan Whole => new Sequential(TensorShape.Image(24, 24, 3))
    {
        new Conv2D(4, 24), new Flatten(), new Dense(2, Activation.Softmax),
    }.Plan();
}
