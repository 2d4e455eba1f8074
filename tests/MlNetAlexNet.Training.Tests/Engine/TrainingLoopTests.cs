using Microsoft.ML;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Data;
using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

/// <summary>The loop as it runs on a GPU, with its batches and readings, on the CPU.</summary>
[TestClass]
public sealed class TrainingLoopTests : IDisposable
{
    private const int Count = 60;

    private readonly PixelSet _pixels = PixelReader.Read(
        TinyPictures.Data(new MLContext(1), TinyPictures.Rows(Count, seed: 1)),
        "Pixels",
        "Label",
        TinyPictures.Classes,
        default);

    public void Dispose() => _pixels.Dispose();

    [TestMethod]
    public void Run_AsOnAGpu_GivesTheWeightsAndTheHistoryOfTheCpu()
    {
        var cpu = Run(TinyPictures.Options, card: null, held: 1);
        var card = Run(TinyPictures.Options, CPU, held: 4);

        Assert.IsTrue(cpu.Weights.Keys.All(
            key => cpu.Weights[key].Values.AsSpan().SequenceEqual(card.Weights[key].Values)), "weights differ");
        CollectionAssert.AreEqual(cpu.History.Select(Untimed).ToArray(), card.History.Select(Untimed).ToArray());
    }

    // 48 pictures in batches of 8.
    [TestMethod]
    public void Run_AsOnAGpu_ReportsOneStepInFourAndTheLast()
    {
        var (cpu, card) = (new Recorder(), new Recorder());
        Run(TinyPictures.Options with { Epochs = 2 }, card: null, held: 1, cpu);
        Run(TinyPictures.Options with { Epochs = 2 }, CPU, held: 4, card);

        CollectionAssert.AreEqual(
            ((int, int)[])[(1, 4), (1, 6), (2, 4), (2, 6)], card.Steps.Select(step => (step.Epoch, step.Step)).ToArray());
        var losses = cpu.Steps.ToDictionary(step => (step.Epoch, step.Step), step => step.Loss);
        Assert.IsTrue(card.Steps.All(step => losses[(step.Epoch, step.Step)] == step.Loss));
        Assert.AreEqual("one seed gives one result on this processor", card.Started.Repeatability);
    }

    [TestMethod]
    public void Run_DivergingBetweenReadings_IsNoticedAtTheNext()
    {
        var options = TinyPictures.Options with { LearningRate = 1e9, WarmUpSteps = 0 };
        var seen = new Recorder();

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => Run(options, CPU, held: 4, seen)).Message,
            "in epoch 1 after 4 steps in all");
        Assert.IsEmpty(seen.Steps);
    }

    [TestMethod]
    public void Run_CancelledBetweenReadings_EndsWithTheHistorySoFar()
    {
        using var cancel = new CancellationTokenSource();
        var seen = new Recorder(progress =>
        {
            if (progress is EpochCompleted)
                cancel.Cancel();
        });

        var outcome = Run(TinyPictures.Options, CPU, held: 4, seen, cancel: cancel.Token);

        Assert.IsTrue(outcome.IsCancelled);
        Assert.HasCount(1, outcome.History);
        Assert.AreEqual(1, outcome.BestEpoch);
    }

    // 48 pictures in batches of 47: the last one is of one picture. Of momentum 1 statistics do not move: decay, clipping
    // and the gradient leave them alone.
    [TestMethod]
    public void Run_BatchNormalizationAndABatchOfOnePicture_MovesStatisticsAlone()
    {
        var stack = new Sequential(TensorShape.Image(28, 28, 3))
        {
            new Conv2D(8, 5, 4, activation: Activation.Relu), new BatchNormalization { Name = "moves" }, new Flatten(),
            new Dense(9), new BatchNormalization { Name = "flat" }, new ActivationLayer(Activation.Relu),
            new BatchNormalization(momentum: 1) { Name = "stays" }, new Dense(3, Activation.Softmax),
        };
        var options = TinyPictures.Options with { BatchSize = 47, WeightDecay = 0.1, GradientClipNorm = 0.5, Epochs = 2 };

        var outcome = Run(options, card: null, held: 1, stack: stack);

        Assert.HasCount(2, outcome.History);
        Assert.IsTrue(outcome.Weights.Values.All(weight => weight.Values.All(float.IsFinite)));
        Assert.IsTrue(outcome.Weights["moves/moving_mean"].Values.All(value => value != 0));
        Assert.IsTrue(outcome.Weights["flat/moving_variance"].Values.All(value => value is not 1 and > 0));
        Assert.IsTrue(outcome.Weights["stays/moving_mean"].Values.All(value => value == 0));
        Assert.IsTrue(outcome.Weights["stays/moving_variance"].Values.All(value => value == 1));
        Assert.IsTrue(outcome.Weights["stays/gamma"].Values.All(value => value != 1));
    }

    [TestMethod]
    public void Run_WithEverythingThatHelps_LearnsAndRepeats()
    {
        var options = TinyPictures.Options with
        {
            Epochs = 8,
            Optimizer = OptimizerKind.AdamW,
            LearningRate = 0.005,
            WeightDecay = 0.05,
            AveragingDecay = 0.9,
            InitialCropShare = 0.7,
            LabelSmoothing = 0.1,
            Augmentation = new() { SmallestArea = 0.5, RandomErasing = 0.2, Mixup = 0.2, CutMix = 1 },
        };
        var plan = TinyPictures.Network(3, 0.2).Plan().WithBatchNormalization();
        var stack = new Sequential(plan.Input, plan.Select(planned => planned.Layer));
        var (one, other) = (Run(options, card: null, held: 1, stack: stack), Run(options, card: null, held: 1, stack: stack));
        Assert.IsGreaterThan(0.9, one.History[^1].ValidationAccuracy!.Value);
        Assert.IsTrue(one.Weights.Keys.All(
            key => one.Weights[key].Values.AsSpan().SequenceEqual(other.Weights[key].Values)), "weights differ");
    }

    // 48 pictures in batches of 47 and 12 in batches of 11. A rate that changes no weight makes every picture's loss that of
    // the start.
    [TestMethod]
    public void Run_LastBatchOfOnePicture_GivesTheMeansOverPictures()
    {
        var plan = TinyPictures.Network(3, 0).Plan();
        var weights = WeightInitializer.HeNormal(plan, new Random(3));
        var options = TinyPictures.Options with { LearningRate = 1e-30, Epochs = 1, Augmentation = Augmentation.None };
        var model = new TrainedModel(
            plan, weights, new ImagePreprocessing(28, [100, 100, 100], [40, 40, 40]) { ImageSize = TinyPictures.Size }, ["a", "b", "c"]);

        var train = Run(options with { BatchSize = 47 }, card: null, held: 1, stack: Stack(), start: weights).History[0];
        var validation = Run(options with { BatchSize = 11 }, card: null, held: 1, stack: Stack(), start: weights).History[0];

        var (trainLoss, trainAccuracy) = ByHand(0..48);
        var (validationLoss, validationAccuracy) = ByHand(48..Count);
        Assert.AreEqual(trainLoss, train.TrainLoss, 1e-6);
        Assert.AreEqual(trainAccuracy, train.TrainAccuracy!.Value, 1e-12);
        Assert.AreEqual(validationLoss, validation.ValidationLoss!.Value, 1e-6);
        Assert.AreEqual(validationAccuracy, validation.ValidationAccuracy!.Value, 1e-12);

        Sequential Stack() => new(plan.Input, plan.Select(planned => planned.Layer));

        (double Loss, double Accuracy) ByHand(Range rows)
        {
            var scored = TinyPictures.Rows(Count, seed: 1)[rows].Select(row => (
                Scores: ReferenceNetwork.Score(model, row.Pixels), Label: Array.IndexOf(TinyPictures.Classes, row.Label))).ToList();
            return (
                scored.Average(picture => -Math.Log(picture.Scores[picture.Label])),
                scored.Average(picture => picture.Scores.Max() == picture.Scores[picture.Label] ? 1.0 : 0));
        }
    }

    // Values of 1e24 have a variance of 1e48, which is infinite in 32 bits: divided by its root all are 0, and the loss is
    // that of chance.
    [TestMethod]
    public void Run_StatisticThatBecomesInfiniteWhileTheLossDoesNot_IsRefusedByName()
    {
        var stack = new Sequential(TensorShape.Image(28, 28, 3))
        {
            new BatchNormalization { Name = "norm" }, new Flatten(), new Dense(3, Activation.Softmax),
        };

        var message = Assert.ThrowsExactly<AlexNetException>(
            () => Run(TinyPictures.Options, card: null, held: 1, stack: stack, deviation: 1e-22f)).Message;

        StringAssert.StartsWith(message, "Weight 'norm/moving_variance' became infinite in epoch 1 after 6 steps in all");
        StringAssert.Contains(message, "Lower LearningRate");
    }

    private TrainingOutcome Run(
        TrainingOptions options,
        TorchSharp.torch.Device? card,
        int held,
        Recorder? seen = null,
        Sequential? stack = null,
        WeightSet? start = null,
        bool measuresNormalization = false,
        float deviation = 40,
        CancellationToken cancel = default)
    {
        var plan = (stack ?? TinyPictures.Network(3, 0.2)).Plan();
        var weights = start ?? WeightInitializer.HeNormal(plan, new Random(1));
        var preprocessing = new ImagePreprocessing(28, [100, 100, 100], [deviation, deviation, deviation])
        {
            ImageSize = TinyPictures.Size,
        };
        using var train = Source(0..48);
        using var validation = Source(48..Count);
        return TrainingLoop.Run(
            new StartingModel(
                new TrainedModel(plan, weights, preprocessing, ["a", "b", "c"]), false, measuresNormalization),
            preprocessing,
            train,
            validation,
            [1, 1, 1],
            lessons: null,
            options,
            new TrainingObservation { Progress = seen, CancellationToken = cancel });

        BatchSource Source(Range rows) =>
            new(new(_pixels, Enumerable.Range(0, Count).ToArray()[rows]), options.BatchSize, 28, threads: 2, card, held);
    }

    private static EpochCompleted Untimed(EpochCompleted epoch) => epoch with { Seconds = 0, ImagesPerSecond = 0 };
}
