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
    [DataRow(29, "at most as large")]
    [DataRow(6, "max_pooling2d_1")]
    public void Resolve_InitialCropThatTheStackCannotTake_IsRefused(int side, string says)
    {
        var options = TinyPictures.Options with { InitialCropSize = side };
        var fault = Assert.ThrowsExactly<AlexNetException>(() => TinyPictures.Start.Resolve(
            TinyPictures.Classes, new PictureForm(TinyPictures.Size, ImageResizeMode.Crop), options));
        StringAssert.Contains(fault.Message, $"InitialCropSize is {side}");
        StringAssert.Contains(fault.Message, says);
    }
}
