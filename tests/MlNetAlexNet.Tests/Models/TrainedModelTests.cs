using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Models;

[TestClass]
public class TrainedModelTests
{
    private static readonly ImagePreprocessing s_preprocessing = new(4, [1, 2, 3], [1, 2, 3]);

    [TestMethod]
    public void TrainedModel_MoreTopKThanClasses_GivesThemAll() =>
        Assert.AreEqual(2, Create(["a", "b"], s_preprocessing, topK: 5).TopK);

    [TestMethod]
    [DataRow("a,a", "'a'")]
    [DataRow("a,", "empty")]
    [DataRow("a,b,c", "3 classes")]
    public void TrainedModel_ClassesThatDoNotFit_AreRefused(string classes, string reason) =>
        AssertRefused(() => Create(classes.Split(','), s_preprocessing), reason);

    [TestMethod]
    public void TrainedModel_PreprocessingThatDoesNotFit_IsRefused()
    {
        AssertRefused(() => Create(["a", "b"], s_preprocessing with { CropSize = 5 }), "(None, 4, 4, 3)");
        AssertRefused(() => Create(["a", "b"], s_preprocessing with { ImageSize = 3 }), "picture of 3");
        AssertRefused(() => Create(["a", "b"], s_preprocessing with { Mean = [1, 2] }), "Mean is 1, 2;");
        AssertRefused(() => Create(["a", "b"], s_preprocessing with { StandardDeviation = [1, 0, .5f] }), "1, 0, 0.5;");
        AssertRefused(() => Create(["a", "b"], s_preprocessing with { StandardDeviation = [1, 1, float.NaN] }), "NaN");
    }

    [TestMethod]
    [DataRow(8, 4, 3)]
    [DataRow(4, 4, 2)]
    [DataRow(4, 4, 4)]
    public void TrainedModel_StackOfNoPictures_IsRefused(int height, int width, int channels)
    {
        var plan = new Sequential(TensorShape.Image(height, width, channels)) { new Flatten(), new Dense(2, Activation.Softmax) }
            .Plan();

        AssertRefused(
            () => _ = new TrainedModel(plan, WeightInitializer.HeNormal(plan, new Random(1)), s_preprocessing, ["a", "b"]),
            $"The stack takes (None, {height}, {width}, {channels}). Pictures are square, of three channels");
    }

    [TestMethod]
    public void TrainedModel_OneChannel_TakesOneNumber()
    {
        var plan = new Sequential(TensorShape.Image(4, 4, 1)) { new Flatten(), new Dense(2, Activation.Softmax) }.Plan();
        var weights = WeightInitializer.HeNormal(plan, new Random(1));

        Assert.AreEqual(1, new TrainedModel(plan, weights, new(4, [128], [60]), ["a", "b"]).Plan.Input.Channels);
        AssertRefused(() => _ = new TrainedModel(plan, weights, s_preprocessing, ["a", "b"]), "have 3 numbers");
        AssertRefused(() => _ = new TrainedModel(plan, weights, new(4, [128], [1, 2, 3]), ["a", "b"]), "Mean has 1 number");
    }

    [TestMethod]
    [DataRow(64, 72)]
    [DataRow(224, 256)]
    [DataRow(227, 256)]
    [DataRow(223, 251)]
    [DataRow(300, 338)]
    [DataRow(1, 1)]
    public void ChooseImageSize_OfACrop_IsInThePapersRatio(int crop, int expected) =>
        Assert.AreEqual(expected, ImagePreprocessing.ChooseImageSize(crop));

    [TestMethod]
    public void TrainedModel_TopKZero_IsRefused() =>
        AssertRefused(() => Create(["a", "b"], s_preprocessing, topK: 0), "TopK is 0");

    [TestMethod]
    public void TrainedModel_StackWithoutSoftmax_IsRefused() =>
        AssertRefused(() => Create(["a", "b"], s_preprocessing, activation: Activation.Linear), "Activation.Softmax");

    [TestMethod]
    public void TrainedModel_SoftmaxAsALayer_IsTaken()
    {
        var plan = new Sequential(TensorShape.Image(4, 4, 3))
        {
            new AveragePooling2D(2), new Flatten(), new Dense(2), new ActivationLayer(Activation.Softmax),
        }.Plan();

        var model = new TrainedModel(
            plan, WeightInitializer.HeNormal(plan, new Random(1)), s_preprocessing, ["a", "b"]);

        Assert.AreEqual(2, model.TopK);
    }

    [TestMethod]
    public void TrainedModel_WeightsOfAnotherStack_AreRefused()
    {
        var plan = Plan(Activation.Softmax);
        AssertRefused(
            () => _ = new TrainedModel(plan, new WeightSet([]), s_preprocessing, ["a", "b"]), "dense_1/kernel");
    }

    private static LayerPlan Plan(Activation activation) =>
        new Sequential(TensorShape.Image(4, 4, 3)) { new Flatten(), new Dense(2, activation) }.Plan();

    private static TrainedModel Create(
        string[] classes, ImagePreprocessing preprocessing, int topK = 5, Activation activation = Activation.Softmax)
    {
        var plan = Plan(activation);
        return new TrainedModel(plan, WeightInitializer.HeNormal(plan, new Random(1)), preprocessing, classes, topK);
    }

    private static void AssertRefused(Action act, string reason) =>
        StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(act).Message, reason);
}
