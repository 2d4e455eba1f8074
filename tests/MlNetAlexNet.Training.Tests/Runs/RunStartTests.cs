using System.Text;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Training.Tests.Runs;

[TestClass]
public sealed class RunStartTests
{
    // A step of length 0: what comes out is what went in, but for a new last layer.
    private static readonly TrainingOptions Standing =
        TinyPictures.Options with { Epochs = 1, LearningRate = 1e-30, WeightDecay = 0 };

    [TestMethod]
    [DataRow("a.zip", 2)]
    [DataRow("a.onnx", 2)]
    [DataRow("a.pth", 3)] // weights alone are of the stack to train, last layer included
    [DataRow("a.safetensors", 3)]
    [DataRow("a.h5", 2)]
    [DataRow("a.weights.h5", 3)]
    [DataRow("a.keras", 2)]
    [DataRow("a.json", 2)]
    public void Execute_InitialWeightsOfAnyKind_TrainsOnFromThem(string name, int classes)
    {
        using var folder = new TemporaryFolder();

        var (start, model, _) = Run(folder, name, classes);

        Assert.HasCount(3, model.Classes);
        CollectionAssert.AreEqual(
            start.Weights.First().Value.Values, model.Weights[model.Plan.Weights.First().Key].Values);
    }

    [TestMethod]
    [DataRow("a.pth", "cropped", "torchvision")]
    [DataRow("a.safetensors", "cropped", "torchvision")]
    [DataRow("a.weights.h5", "squashed", "Keras")]
    [DataRow("a.keras", "squashed", "Keras")]
    public void Execute_InitialWeightsOfOtherClasses_ReplacesTheLastLayerAndSaysSo(string name, string how, string whose)
    {
        using var folder = new TemporaryFolder();

        var (start, model, read) = Run(folder, name, classes: 5);

        CollectionAssert.AreEqual(
            start.Weights.First().Value.Values, model.Weights[model.Plan.Weights.First().Key].Values);
        Assert.AreEqual(model.Plan[^1].Name, read!.NewLastLayer);
        CollectionAssert.AreEqual(
            new[]
            {
                "a mean of 0 (values from 0 to 1)", "a deviation of 255 (values from 0 to 1)",
                $"pictures {how} to 32x32, of that the middle 28x28 ({whose})",
            },
            read.Assumed.ToArray());
    }

    // Pictures of blue, green and red; a model of 0 and 1.
    [TestMethod]
    public void Execute_ClassesRenamedAndAdded_KeepTheirUnitsAndSaysSo()
    {
        using var folder = new TemporaryFolder();

        var (start, model, read) = Run(
            folder, "a.zip", classes: 2, new Dictionary<string, string> { ["0"] = "red", ["1"] = "blue" });

        CollectionAssert.AreEqual((string[])["blue", "green", "red"], model.Classes.ToArray());
        CollectionAssert.AreEqual(Unit(start, 1), Unit(model, 0));
        CollectionAssert.AreEqual(Unit(start, 0), Unit(model, 2));
        CollectionAssert.AreEqual((string[])["green"], read!.AddedClasses.ToArray());
        Assert.IsEmpty(read.DroppedClasses);
        Assert.IsNull(read.NewLastLayer);

        static float[] Unit(TrainedModel model, int place) =>
            model.Weights[$"{model.Plan[^1].Name}/kernel"].Values[(16 * place)..(16 * place + 16)];
    }

    [TestMethod]
    public void Read_WhatAFileMakesMeaningless_IsRefusedByTheOptionsName()
    {
        using var folder = new TemporaryFolder();
        var zip = Path.Combine(folder.Path, "a.zip");
        ModelFile.Write(Model(2), zip);

        Refused(new StartOptions { Preset = "paper", InitialWeights = zip }, "Leave Preset out.");
        Refused(TinyPictures.StartIn(folder) with { InitialWeights = zip }, "Leave Stack out.");
        Refused(new StartOptions { InitialWeights = "no-such.zip" }, "'no-such.zip' does not exist");
        Refused(new StartOptions { Stack = "no-such.json" }, "'no-such.json' does not exist");
    }

    [TestMethod]
    public void Read_OfAPresetAndItsBias_StartsFromThem()
    {
        var start = Read(new StartOptions { Preset = "paper", InitialBias = 0.2 }).Start;

        var model = start.Resolve(["a", "b"], PictureForm.Default, new TrainingOptions()).Model;
        Assert.AreEqual(0.2f, model.Weights["dense_1/bias"].Values[0]);
    }

    [TestMethod]
    public void Read_OfAStack_KeepsItsDropout()
    {
        using var folder = new TemporaryFolder();
        var json = KerasConfig.ToJson(TinyPictures.Network(3, 0.25).Plan());
        var file = folder.Write("stack.json", Encoding.UTF8.GetBytes(json));

        var start = Read(new StartOptions { Stack = file }).Start;

        var plan = start.Resolve(["a", "b", "c"], PictureForm.Default, new TrainingOptions()).Model.Plan;
        Assert.AreEqual(0.25, plan.Select(planned => planned.Layer).OfType<Dropout>().Single().Rate);
    }

    [TestMethod]
    [DataRow(Activation.Softmax, 2, null)]
    [DataRow(Activation.Linear, 2, "a softmax over what the last layer gives")]
    [DataRow(Activation.Linear, 1, "the one output as the probability of the second of two classes")]
    [DataRow(Activation.Sigmoid, 1, "the one output as the probability of the second of two classes")]
    public void Execute_StackOfAnyEnd_TrainsClassesAndSaysWhatWasMadeOfIt(Activation end, int units, string? assumed)
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        ColoredPictures.Draw(data, 5);
        Directory.Delete(Path.Combine(data, "red"), recursive: true);
        var stack = new Sequential(TensorShape.Image(28, 28, 3))
        {
            new Conv2D(4, 5, strides: 4, activation: Activation.Relu), new Flatten(), new Dense(units, end),
        };
        var file = folder.Write("stack.json", Encoding.UTF8.GetBytes(KerasConfig.ToJson(stack.Plan())));
        StackRead? read = null;

        TrainingRun.Execute(
            new RunOptions
            {
                Data = data,
                Output = Path.Combine(folder.Path, "run"),
                Start = new StartOptions { Stack = file },
                Training = TinyPictures.Options with { Epochs = 1 },
                PixelCache = null,
            },
            new TrainingObservation { Progress = new ProgressHandler<TrainingProgress>(step => read = step as StackRead ?? read) });

        Assert.AreEqual(file, read!.Path);
        Assert.AreEqual(assumed, read.Assumed.SingleOrDefault());
        var model = ModelFile.Read(Path.Combine(folder.Path, "run", "model.zip")).Model;
        Assert.AreEqual(Activation.Softmax, ((Dense)model.Plan[^1].Layer).Activation);
        Assert.HasCount(2, model.Classes);
    }

    [TestMethod]
    public void Read_OfAStackOfSeveralSigmoids_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var stack = new Sequential(TensorShape.Image(28, 28, 3)) { new Flatten(), new Dense(2, Activation.Sigmoid) };
        var file = folder.Write("stack.json", Encoding.UTF8.GetBytes(KerasConfig.ToJson(stack.Plan())));

        Refused(new StartOptions { Stack = file }, "multi-label");
    }

    private static (TrainedModel Start, TrainedModel Result, InitialWeightsRead? Read) Run(
        TemporaryFolder folder, string name, int classes, IReadOnlyDictionary<string, string>? renamed = null)
    {
        var data = Path.Combine(folder.Path, "data");
        ColoredPictures.Draw(data, 5);
        var weights = Path.Combine(folder.Path, name);
        var start = Model(classes);
        ModelFile.Write(start, weights);
        if (ModelFile.FindBeside(weights) is { } beside)
            File.Delete(beside); // as the framework itself would write it
        InitialWeightsRead? read = null;
        var stack = ModelFile.HoldsStack(weights) ? new StartOptions() : TinyPictures.StartIn(folder, classes);

        var result = TrainingRun.Execute(
            new RunOptions
            {
                Data = data,
                Output = Path.Combine(folder.Path, "run"),
                PixelCache = null,
                Start = stack with { InitialWeights = weights, RenamedClasses = renamed },
                Training = Standing,
            },
            new TrainingObservation
            {
                Progress = new ProgressHandler<TrainingProgress>(progress => read ??= progress as InitialWeightsRead),
            });
        return (start, ModelZip.Read(result.Folder.Model), read);
    }

    private static RunStart Read(StartOptions start) => RunStart.Read(new RunOptions { Data = "", Start = start });

    private static void Refused(StartOptions options, string why) => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => Read(options)).Message, why);

    private static TrainedModel Model(int classes)
    {
        var plan = TinyPictures.Network(classes, 0).Plan();
        return new TrainedModel(
            plan,
            WeightInitializer.HeNormal(plan, new Random(2)),
            new ImagePreprocessing(28, [0, 0, 0], [255, 255, 255]),
            [.. Enumerable.Range(0, classes).Select(i => $"{i}")]);
    }
}
