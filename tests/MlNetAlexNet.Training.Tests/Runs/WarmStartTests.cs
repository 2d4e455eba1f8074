using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Training.Tests.Runs;

[TestClass]
public sealed class WarmStartTests
{
    [TestMethod]
    public void From_SameClasses_KeepsEveryWeight()
    {
        var model = Model("a", "b");

        var options = WarmStart.From(new TrainingOptions(), model, ["a", "b"]);

        Assert.AreSame(model.Weights, options.InitialWeights);
        Assert.AreEqual(model.Preprocessing, options.Preprocessing);
    }

    [TestMethod]
    public void From_OtherClasses_ReplacesTheLastLayerAlone()
    {
        var model = Model("a", "b");

        var options = WarmStart.From(new TrainingOptions { Seed = 7 }, model, ["c", "d", "e"]);

        var plan = options.Network!(3, 0.5).Plan();
        options.InitialWeights!.RequireFit(plan);
        Assert.AreSame(model.Weights["dense_1/kernel"], options.InitialWeights["dense_1/kernel"]);
        CollectionAssert.AreEqual(new[] { 3, 16 }, options.InitialWeights["dense_2/kernel"].Dimensions.ToArray());
    }

    [TestMethod]
    public void From_ClassesInAnotherOrder_IsRefused() => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => WarmStart.From(new TrainingOptions(), Model("a", "b"), ["b", "a"])).Message,
        "in another order");

    [TestMethod]
    [DataRow("a.zip")]
    [DataRow("a.onnx")]
    [DataRow("a.pth", "2")] // weights alone are of the stack to train, last layer included
    [DataRow("a.safetensors", "2")] // weights alone are of the stack to train, last layer included
    [DataRow("a.h5")]
    [DataRow("a.weights.h5", "2")] // weights alone are of the stack to train, last layer included
    [DataRow("a.keras")]
    [DataRow("a.json")]
    public void Execute_InitialWeightsOfAnyKind_TrainsOnFromThem(string name, params string[] third)
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        ColoredPictures.Draw(data, 5);
        var weights = Path.Combine(folder.Path, name);
        var start = Model(["0", "1", .. third]);
        ModelFile.Write(start, weights);

        var result = TrainingRun.Execute(new RunOptions
        {
            Data = data,
            Output = Path.Combine(folder.Path, "run"),
            PixelCache = null,
            InitialWeights = weights,
            // A step of length 0: what comes out is what went in, but for the new last layer of three classes.
            Training = TinyPictures.Options with { Epochs = 1, LearningRate = 1e-30, WeightDecay = 0, Dropout = 0 },
        });

        var model = ModelZip.Read(result.Folder.Model);
        Assert.HasCount(3, model.Classes);
        CollectionAssert.AreEqual(
            start.Weights.First().Value.Values, model.Weights[model.Plan.Weights.First().Key].Values);
    }

    private static TrainedModel Model(params string[] classes)
    {
        var plan = TinyPictures.Network(classes.Length, 0).Plan();
        return new TrainedModel(
            plan, WeightInitializer.HeNormal(plan, new Random(2)), new ImagePreprocessing(28, [0, 0, 0], [255, 255, 255]), classes);
    }

    [TestMethod]
    [DataRow("a.pth")]
    [DataRow("a.safetensors")]
    [DataRow("a.weights.h5")]
    [DataRow("a.keras")]
    public void Execute_InitialWeightsOfOtherClasses_ReplacesTheLastLayerAndSaysSo(string name)
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        ColoredPictures.Draw(data, 5);
        var weights = Path.Combine(folder.Path, name);
        var start = Model("0", "1", "2", "3", "4");
        ModelFile.Write(start, weights);
        InitialWeightsRead? read = null;

        var result = TrainingRun.Execute(
            new RunOptions
            {
                Data = data,
                Output = Path.Combine(folder.Path, "run"),
                PixelCache = null,
                InitialWeights = weights,
                Training = TinyPictures.Options with { Epochs = 1, LearningRate = 1e-30, WeightDecay = 0, Dropout = 0 },
            },
            new ProgressHandler<TrainingProgress>(progress => read ??= progress as InitialWeightsRead));

        var model = ModelZip.Read(result.Folder.Model);
        CollectionAssert.AreEqual(
            start.Weights.First().Value.Values, model.Weights[model.Plan.Weights.First().Key].Values);
        Assert.AreEqual(model.Plan[^1].Name, read!.NewLastLayer);
        CollectionAssert.AreEqual(
            new[] { "a mean of 0 (values from 0 to 1)", "a deviation of 255 (values from 0 to 1)" }, read.Assumed.ToArray());
    }

    [TestMethod]
    public void From_StackWithoutADenseLayer_IsRefusedForOtherClassesAlone()
    {
        var stack = new Sequential(TensorShape.Image(28, 28, 3))
        {
            new Conv2D(2, 1), new AdaptiveAveragePooling2D(1), new Flatten(), new ActivationLayer(Activation.Softmax),
        };
        var plan = stack.Plan();
        var model = new TrainedModel(
            plan, WeightInitializer.HeNormal(plan, new Random(2)), new ImagePreprocessing(28, [0, 0, 0], [255, 255, 255]), ["a", "b"]);

        var options = WarmStart.From(new TrainingOptions(), model, ["a", "b"]);

        Assert.HasCount(4, options.Network!(2, 0).Plan());
        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => WarmStart.From(new TrainingOptions(), model, ["a", "c"])).Message,
            "no dense layer");
    }
}
