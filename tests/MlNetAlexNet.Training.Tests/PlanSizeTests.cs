using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Tests;

[TestClass]
public sealed class PlanSizeTests
{
    [TestMethod]
    [DataRow(128)]
    [DataRow(176)]
    public void WithSide_ReferenceStack_HasTheSameWeights(int side)
    {
        var plan = AlexNet.Keras(10, dropout: 0.5).Plan();
        var resized = plan.WithSide(side);
        Assert.AreEqual(side, resized.Input.Height);
        CollectionAssert.AreEqual(
            plan.Weights.Select(weight => $"{weight.Key} {string.Join("x", weight.Shape.Dimensions)}").ToArray(),
            resized.Weights.Select(weight => $"{weight.Key} {string.Join("x", weight.Shape.Dimensions)}").ToArray());
    }

    [TestMethod]
    [DataRow(6)]
    [DataRow(0)]
    public void WithSide_TooSmallForALayer_NamesIt(int side) => Assert.ThrowsExactly<AlexNetException>(
        () => TinyPictures.Network(3, 0.2).Plan().WithSide(side));
}
