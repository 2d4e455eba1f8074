using MlNetAlexNet.Images;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Training.Tests;

[TestClass]
public sealed class OptionFaultsTests
{
    [TestMethod]
    public void ListFaults_OfDefaults_AreNone()
    {
        Assert.IsEmpty(new TrainingOptions().ListFaults(hasValidation: true));
        Assert.IsEmpty(new TrainingColumns().ListFaults());
        Assert.IsEmpty(new TrainingObservation().ListFaults());
        Assert.IsEmpty(new RunOptions { Data = "x", Output = "y", Quantize = true }.ListFaults());
    }

    [TestMethod]
    public void ListFaults_OfTrainingOptions_NameEveryOne()
    {
        var options = new TrainingOptions
        {
            Epochs = 0, BatchSize = -1, DecayEpochs = 0, EarlyStoppingEpochs = 0, TopK = 0, Momentum = 1, Dropout = -0.1,
            LabelSmoothing = 1, WarmUpSteps = -1, LearningRate = 0, WeightDecay = -1,
            DecayFactor = 1, GradientClipNorm = 0, ClassWeights = new Dictionary<string, double> { ["hat"] = 0 },
            Schedule = LearningRateSchedule.ReduceOnPlateau, Precision = (Precision)7, InitialCropShare = 1.5,
        };
        Named(
            options.ListFaults(hasValidation: false),
            "Epochs is 0", "BatchSize is -1", "DecayEpochs is 0", "EarlyStoppingEpochs is 0", "TopK is 0", "Momentum is 1",
            "Dropout is -0.1", "LabelSmoothing is 1", "WarmUpSteps is -1", "LearningRate is 0", "WeightDecay is -1",
            "DecayFactor is 1", "GradientClipNorm is 0", "'hat' 0", "EarlyStoppingEpochs needs", "ReduceOnPlateau needs",
            "Precision is 7; it must be one of Auto, Float32,", "InitialCropShare is 1.5");
    }

    [TestMethod]
    public void ListFaults_OfOptionsWithoutEffect_NameThem()
    {
        var adam = new TrainingOptions { Optimizer = OptimizerKind.AdamW, Momentum = 0.9 };
        Assert.IsEmpty(adam.ListFaults(hasValidation: true)); // as earlier runs wrote it
        Named(
            (adam with { Momentum = 0.8, Nesterov = true, DecayFactor = 0.5, DecayEpochs = 2 }).ListFaults(hasValidation: true),
            "Momentum is for the optimizer Sgd", "Nesterov is for the optimizer Sgd", "DecayFactor is for the schedules Step",
            "DecayEpochs is for the schedules Step");
        Named(
            new TrainingOptions { Schedule = LearningRateSchedule.Constant, DecayEpochs = 2 }.ListFaults(hasValidation: true),
            "leave it out with Constant");
        Named(
            new TrainingOptions { Augmentation = new() { MixingProbability = 0.5 } }.ListFaults(hasValidation: true),
            "MixingProbability is 0.5, but neither Mixup nor CutMix");
        Named(
            new TrainingOptions { Augmentation = new() { Mixup = 0.2, MixingProbability = 0 } }.ListFaults(hasValidation: true),
            "MixingProbability is 0; it must be above 0");
        Assert.IsEmpty(new TrainingOptions { Schedule = LearningRateSchedule.Step, DecayEpochs = 2 }.ListFaults(hasValidation: true));
    }

    [TestMethod]
    public void ListFaults_OfFineTuning_NameWhatHasNoMeaning()
    {
        Named(
            new TrainingOptions
            {
                InitialWeightsRate = double.NaN, LayerRates = new Dictionary<string, double> { ["conv2d_1"] = 0 },
                FrozenViews = 0,
            }.ListFaults(hasValidation: true),
            "FrozenViews is 0", "InitialWeightsRate is NaN", "'conv2d_1' 0", "exclude each other", "leave it out");
        Named(
            new TrainingOptions
            {
                FreezeUntil = "conv2d_1", InitialCropShare = 0.7, Augmentation = new() { Mixup = 0.2, CutMix = 1 },
            }.ListFaults(hasValidation: true),
            "InitialCropShare makes", "Mixup makes", "CutMix makes");
        Named(
            new TrainingOptions
            {
                FreezeUntil = "conv2d_1", FrozenViews = 2, Augmentation = Augmentation.None,
            }.ListFaults(hasValidation: true),
            "FrozenViews is 2, but nothing");
        Named(
            new TrainingOptions
            {
                FreezeUntil = "conv2d_1", FrozenViews = 2, Teacher = new() { Model = "resnet18" },
            }.ListFaults(hasValidation: true),
            "FrozenViews is 2, but the views");
        Assert.IsEmpty(new TrainingOptions { FreezeUntil = "conv2d_1", FrozenViews = 2 }.ListFaults(hasValidation: true));
    }

    [TestMethod]
    public void ListFaults_OfColumns_NameEveryOne() => Named(
        new TrainingColumns { Label = "", Pixels = "", ValidationFraction = double.NaN }.ListFaults(),
        "Label is empty", "Pixels is empty", "ValidationFraction is NaN");

    [TestMethod]
    public void ListFaults_OfObservation_NameEveryOne() =>
        Named(new TrainingObservation { LoadingThreads = 0 }.ListFaults(), "LoadingThreads is 0");

    [TestMethod]
    public void Execute_FaultsInEveryPartOfTheRun_AreSaidAtOnceBeforeAnyFileIsTouched()
    {
        using var folder = new TemporaryFolder();
        var output = Path.Combine(folder.Path, "run");
        var options = new RunOptions
        {
            Data = "no-such-folder",
            Output = output,
            Training = new TrainingOptions { Epochs = 0 },
            Split = new SplitOptions { TestFraction = 1 },
            Start = new StartOptions { Preset = "vgg" },
        };

        Named(
            Assert.ThrowsExactly<AlexNetException>(() => TrainingRun.Execute(options)).Message.Split('\n'),
            "Epochs is 0", "TestFraction is 1", "Preset is 'vgg'; it must be one of keras, paper,");
        Assert.IsFalse(Directory.Exists(output));
        Named(new RunOptions { Data = "x", PixelCache = "" }.ListFaults(), "Output is empty", "PixelCache is empty");
    }

    [TestMethod]
    public void ListFaults_OfAStart_NameWhatHasNoMeaning()
    {
        Named(new StartOptions { Preset = "paper", Stack = "s.json" }.ListFaults(), "Preset 'paper' and Stack 's.json'");
        Named(new StartOptions { InitialBias = 0.1 }.ListFaults(), "InitialBias is 0.1, but every bias of the preset 'keras'");
        Named(new StartOptions { InitialBias = 0.1, Stack = "s.json" }.ListFaults(), "leave it out beside Stack");
        Named(new StartOptions { InitialBias = 0.1, InitialWeights = "a.zip" }.ListFaults(), "leave it out beside InitialWeights");
        Named(new StartOptions { Preset = "paper", InitialBias = double.NaN }.ListFaults(), "InitialBias is NaN");
        Assert.IsEmpty(new StartOptions { Preset = "Paper", InitialBias = 0.1 }.ListFaults());
        Assert.IsEmpty(new StartOptions { Preset = "caffe", InitialWeights = "a.pth" }.ListFaults());
    }

    [TestMethod]
    public void ListFaults_CultureWithDecimalComma_WriteNumbersAsEverywhere()
    {
        using var culture = new DecimalComma();
        Named(new TrainingOptions { Momentum = 1.5 }.ListFaults(hasValidation: true), "Momentum is 1.5;");
    }

    private static void Named(IEnumerable<string> faults, params string[] words)
    {
        var found = faults.ToArray();
        Assert.HasCount(words.Length, found, string.Join('\n', found));
        foreach (var word in words)
            Assert.IsTrue(found.Any(fault => fault.Contains(word, StringComparison.Ordinal)), word);
    }
}
