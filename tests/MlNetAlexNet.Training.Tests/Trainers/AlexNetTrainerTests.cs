using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Trainers;
using TorchSharp;

namespace MlNetAlexNet.Training.Tests.Trainers;

[TestClass]
public sealed class AlexNetTrainerTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void Fit_SeparableClasses_ScoresThemRightThroughMlNet()
    {
        var model = Trainer(TinyPictures.Options with { Epochs = 8 }).Fit(Data(60, seed: 1));
        var scored = model.Transform(Data(30, seed: 2));
        var metrics = _ml.MulticlassClassification.Evaluate(scored);
        Assert.AreEqual(1, metrics.MicroAccuracy);
        Assert.IsTrue(double.IsFinite(metrics.LogLoss) && metrics.PerClassLogLoss.All(double.IsFinite));

        var names = default(VBuffer<ReadOnlyMemory<char>>);
        scored.Schema["Score"].GetSlotNames(ref names);
        CollectionAssert.AreEqual(TinyPictures.Classes, names.DenseValues().Select(name => name.ToString()).ToArray());
    }

    [TestMethod]
    public void Fit_InAPipeline_KnowsItsColumnsBeforehandAndGivesStockTransformersOnly()
    {
        var data = Data(30, seed: 1);
        var model = _ml.Transforms.CopyColumns("Copy", "Label")
            .Append(Trainer(TinyPictures.Options with { Epochs = 1 }))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);
        var label = _ml.Data.CreateEnumerable<Prediction>(model.Transform(data), reuseRowObject: false).First();
        CollectionAssert.Contains(TinyPictures.Classes, label.PredictedLabel);
        Assert.AreEqual(1, label.Score.Sum(), 1e-5);
        foreach (var transformer in (TransformerChain<ITransformer>)Trainer(TinyPictures.Options with { Epochs = 1 }).Fit(data))
        {
            StringAssert.StartsWith(transformer.GetType().Assembly.GetName().Name, "Microsoft.ML");
        }
    }

    [TestMethod]
    public void Train_OneSeed_GivesEqualWeightsAndHistory_AnotherSeedDoesNot()
    {
        var data = Data(30, seed: 1);
        var first = Trainer(TinyPictures.Options).Train(data);
        var again = Trainer(TinyPictures.Options).Train(data);
        var other = Trainer(TinyPictures.Options with { Seed = 2 }).Train(data);
        AssertEqualWeights(first.Model.Weights, again.Model.Weights);
        CollectionAssert.AreEqual(first.History.Select(Untimed).ToArray(), again.History.Select(Untimed).ToArray());
        CollectionAssert.AreNotEqual(first.History.Select(Untimed).ToArray(), other.History.Select(Untimed).ToArray());
        Assert.IsFalse(Same(first.Model.Weights, other.Model.Weights));
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(5)]
    public void Train_AnyNumberOfLoadingThreads_GivesEqualWeightsAndHistory(int threads)
    {
        var data = Data(60, seed: 1);
        var options = TinyPictures.Options with { BatchSize = 4 };
        var alone = Trainer(options, observation: new TrainingObservation { LoadingThreads = 1 }).Train(data);
        var together = Trainer(options, observation: new TrainingObservation { LoadingThreads = threads }).Train(data);
        AssertEqualWeights(alone.Model.Weights, together.Model.Weights);
        CollectionAssert.AreEqual(alone.History.Select(Untimed).ToArray(), together.History.Select(Untimed).ToArray());
    }

    [TestMethod]
    public void Train_BFloat16_LearnsTooAndKeepsSinglePrecisionMasters()
    {
        var result = Trainer(TinyPictures.Options with { Precision = Precision.BFloat16, Epochs = 8 }).Train(Data(60, seed: 1));
        Assert.AreEqual(Precision.BFloat16, result.Precision);
        Assert.AreEqual(1, result.History[^1].ValidationAccuracy);
        var kernel = result.Model.Weights["conv2d_1/kernel"].Values;
        Assert.IsTrue(kernel.Any(value => (BitConverter.SingleToUInt32Bits(value) & 0xFFFF) != 0), "rounded to 16 bits");
    }

    [TestMethod]
    public void Train_WithoutConvergence_StopsWithAdvice()
    {
        var error = Assert.ThrowsExactly<AlexNetException>(
            () => Trainer(TinyPictures.Options with { LearningRate = 1e20 }).Train(Data(60, seed: 1)));
        StringAssert.Contains(error.Message, "Lower LearningRate");
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.1)]
    public void Train_DivergedInItsLastStep_IsNoModel(double validationFraction)
    {
        var options = TinyPictures.Options with
        {
            BatchSize = 512,
            Epochs = 1,
            LearningRate = 1e30,
            WarmUpSteps = 0,
        };
        var columns = new TrainingColumns { ValidationFraction = validationFraction };
        var error = Assert.ThrowsExactly<AlexNetException>(() => Trainer(options, columns: columns).Train(Data(30, seed: 1)));
        StringAssert.Contains(error.Message, "diverged");
    }

    [TestMethod]
    public void Train_EveryOption_ChangesTheWeights()
    {
        var data = Data(30, seed: 1);
        var options = TinyPictures.Options with { Epochs = 3 };
        var weights = Trainer(options).Train(data).Model.Weights;
        foreach (var (name, changed) in new (string, TrainingOptions)[]
        {
            ("Epochs", options with { Epochs = 2 }),
            ("BatchSize", options with { BatchSize = 5 }),
            ("LearningRate", options with { LearningRate = 0.02 }),
            ("WarmUpSteps", options with { WarmUpSteps = 0 }),
            ("Schedule", options with { Schedule = LearningRateSchedule.Constant }),
            ("Momentum", options with { Momentum = 0.5 }),
            ("WeightDecay", options with { WeightDecay = 0.1 }),
            ("Dropout", options with { Dropout = 0.6 }),
            ("LabelSmoothing", options with { LabelSmoothing = 0.2 }),
            ("ClassWeights", options with { ClassWeights = new Dictionary<string, double> { ["red"] = 3 } }),
            ("GradientClipNorm", options with { GradientClipNorm = 0.01 }),
            ("Augmentation", options with { Augmentation = Augmentation.None }),
            ("Seed", options with { Seed = 7 }),
        })
        {
            Assert.IsFalse(Same(weights, Trainer(changed).Train(data).Model.Weights), name);
        }

        var step = options with { Schedule = LearningRateSchedule.Step, DecayEpochs = 1 };
        Assert.IsFalse(Same(
            Trainer(step).Train(data).Model.Weights,
            Trainer(step with { DecayFactor = 0.5 }).Train(data).Model.Weights), "DecayFactor");

        var columns = new TrainingColumns { ValidationFraction = 0.4 };
        Assert.IsFalse(Same(weights, Trainer(options, columns: columns).Train(data).Model.Weights), "ValidationFraction");
    }

    [TestMethod]
    public void Train_ReduceOnPlateau_ReportsTheRateTheEpochWasTrainedWith()
    {
        // Nothing is learnt, so the loss never falls and the rate drops after every epoch but the first.
        var history = Trainer(TinyPictures.Options with
        {
            Schedule = LearningRateSchedule.ReduceOnPlateau,
            LearningRate = 1e-12,
            WarmUpSteps = 0,
            DecayEpochs = 1,
        }).Train(Data(30, seed: 1)).History;
        Assert.AreEqual(1e-12, history[0].LearningRate);
        Assert.AreEqual(1e-12, history[1].LearningRate);
    }

    [TestMethod]
    public void Fit_NamesOfColumnsAndTopK_AreTheOnesAskedFor()
    {
        var data = _ml.Transforms.CopyColumns("Class", "Label").Append(_ml.Transforms.CopyColumns("Bytes", "Pixels"))
            .Append(_ml.Transforms.DropColumns("Label", "Pixels")).Fit(Data(30, seed: 1)).Transform(Data(30, seed: 1));
        var scored = Trainer(
            TinyPictures.Options with { Epochs = 1, TopK = 2 },
            columns: new TrainingColumns { Label = "Class", Pixels = "Bytes" }).Fit(data).Transform(data);
        Assert.AreEqual(2, ((VectorDataViewType)scored.Schema["TopLabels"].Type).Size);
        Assert.AreEqual(2, ((VectorDataViewType)scored.Schema["TopScores"].Type).Size);
    }

    [TestMethod]
    public void Train_ClassWeightOfAnUnknownClass_IsRefusedByName()
    {
        var options = TinyPictures.Options with { ClassWeights = new Dictionary<string, double> { ["hat"] = 2 } };
        var error = Assert.ThrowsExactly<AlexNetException>(() => Trainer(options).Train(Data(9, seed: 1)));
        StringAssert.Contains(error.Message, "'hat'");
    }

    [TestMethod]
    public void Train_Cuda_UsesTheGpuOrIsRefused()
    {
        var trainer = Trainer(TinyPictures.Options with { Device = Device.Cuda });
        if (torch.cuda.is_available())
        {
            StringAssert.StartsWith(trainer.Train(Data(9, seed: 1)).Device, "CUDA GPU");
            return;
        }

        var error = Assert.ThrowsExactly<AlexNetException>(() => trainer.Train(Data(9, seed: 1)));
        StringAssert.Contains(error.Message, "Use Auto or Cpu");
    }

    [TestMethod]
    public void Train_TensorFloat32OnTheCpu_IsRefused()
    {
        var options = TinyPictures.Options with { Precision = Precision.TensorFloat32 };
        var error = Assert.ThrowsExactly<AlexNetException>(() => Trainer(options).Train(Data(9, seed: 1)));
        StringAssert.Contains(error.Message, "Precision is TensorFloat32, which CUDA GPUs alone have");
    }

    [TestMethod]
    public void Train_BatchThatDoesNotFitIntoMemory_NamesTheBatchSize()
    {
        var options = TinyPictures.Options with { BatchSize = 2000 };

        // 26,000 pixels to a side: 8 GB a picture, 16 TB a batch.
        var start = TrainingStart.FromStack(classes => new Sequential(TensorShape.Image(28, 28, 3))
        {
            new ZeroPadding2D(12_986, 12_986, 12_986, 12_986),
            new AdaptiveAveragePooling2D(1),
            new Flatten(),
            new Dense(classes, Activation.Softmax),
        });
        var error = Assert.ThrowsExactly<AlexNetException>(() => Trainer(options, start).Train(Data(2300, seed: 1)));
        StringAssert.StartsWith(error.Message, "BatchSize is 2000, and the memory does not suffice");
        Assert.AreEqual("BatchSize", error.Option);
    }

    [TestMethod]
    public void Train_Cancelled_KeepsTheBestWeightsSoFar()
    {
        using var cancel = new CancellationTokenSource();
        var seen = new Recorder(progress =>
        {
            if (progress is StepCompleted { Epoch: 2, Step: 2 })
            {
                cancel.Cancel();
            }
        });
        var observation = new TrainingObservation { Progress = seen, CancellationToken = cancel.Token };
        var result = Trainer(TinyPictures.Options, observation: observation).Train(Data(60, seed: 1));
        Assert.IsTrue(result.IsCancelled);
        Assert.HasCount(1, result.History);
        Assert.AreEqual(1, result.BestEpoch);
        Assert.AreEqual(2, seen.Steps.Last().Step, "the step under way is the last one");
    }

    [TestMethod]
    public void Train_FromWeightsWithPreprocessing_StartsFromThem()
    {
        var data = Data(60, seed: 1);
        var first = Trainer(TinyPictures.Options with { Epochs = 8 }).Train(data);
        var start = TrainingStart.FromStack(
            TinyPictures.Network(3, 0.2), first.Model.Weights, first.Model.Preprocessing);
        var second = Trainer(TinyPictures.Options with { Epochs = 1, LearningRate = 1e-9 }, start).Train(data);
        Assert.IsLessThan(0.1, second.History[0].ValidationLoss!.Value);
        Assert.AreEqual(first.Model.Preprocessing, second.Model.Preprocessing);
    }

    [TestMethod]
    public void Train_StartThatDoesNotFit_IsRefusedBeforeAPictureIsRead()
    {
        var weights = WeightInitializer.HeNormal(TinyPictures.Network(7, 0).Plan(), new Random(1));
        foreach (var (start, word) in new (TrainingStart, string)[]
        {
            (TrainingStart.FromPreset(), "227 pixels out of a picture of 32"),
            (OfStack(classes => new(TensorShape.Image(28, 28, 3)) { new Flatten(), new Dense(classes) }), "Softmax"),
            (OfStack(_ => new(TensorShape.Image(28, 28, 3)) { new Flatten(), new Dense(9, Activation.Softmax) }), "Dense(3"),
            (TrainingStart.FromStack(TinyPictures.Network(3, 0), weights), "dense_2/kernel"),
            (OfPreprocessing(new(28, [0, 0, 0], [1, 1, 1])), "for pictures of 256x256, but these are 32x32"),
            (OfPreprocessing(new(24, [0, 0, 0], [1, 1, 1]) { ImageSize = 32 }), "the crop gives (None, 24, 24, 3)"),
        })
        {
            var data = TinyPictures.Data(_ml, Unreadable());
            var error = Assert.ThrowsExactly<AlexNetException>(() => Trainer(TinyPictures.Options, start).Train(data));
            StringAssert.Contains(error.Message, word);
        }

        static IEnumerable<TinyPictures.Row> Unreadable() =>
            Enumerable.Range(0, 9).Select<int, TinyPictures.Row>(_ => throw new InvalidOperationException("A picture is read."));

        static TrainingStart OfStack(Func<int, Sequential> stack) => TrainingStart.FromStack(stack);

        static TrainingStart OfPreprocessing(ImagePreprocessing preprocessing) =>
            TrainingStart.FromStack(TinyPictures.Network(3, 0), preprocessing: preprocessing);
    }

    [TestMethod]
    public void Train_Log_WritesStartAndEpochsToMlNetsLogAndTheUsers()
    {
        var lines = new List<string>();
        var log = new ListLogger();
        _ml.Log += (_, line) => lines.Add(line.RawMessage);

        Trainer(TinyPictures.Options with { Epochs = 2 }, observation: new TrainingObservation { Log = log })
            .Train(Data(30, seed: 1));

        foreach (var written in new[] { lines, log.Lines })
        {
            Assert.IsTrue(written.Exists(line => line.StartsWith("Training on CPU", StringComparison.Ordinal)));
            Assert.AreEqual(2, written.Count(line => line.StartsWith("Epoch ", StringComparison.Ordinal)));
        }
    }

    [TestMethod]
    public void Train_RealAlexNet_OneEpochOverAFewPictures()
    {
        const int Count = 6;
        var random = new Random(1);
        var rows = Enumerable.Range(0, Count).Select(i =>
        {
            var pixels = new byte[256 * 256 * 3];
            random.NextBytes(pixels);
            return new FullSizeRow { Pixels = pixels, Label = TinyPictures.Classes[i % 3] };
        }).ToList();
        var data = _ml.Data.LoadFromEnumerable(rows);
        data = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        var options = new TrainingOptions
        {
            Epochs = 1, BatchSize = 3, Device = Device.Cpu, Precision = Precision.Float32,
        };
        var result = Trainer(options, TrainingStart.FromPreset(), new TrainingColumns { ValidationFraction = 0 }).Train(data);
        Assert.AreEqual(58_322_314 - 7 * 4097, result.Model.Plan.Parameters);
        Assert.IsTrue(double.IsFinite(result.History[0].TrainLoss));
        Assert.IsNull(result.History[0].ValidationLoss);
    }

    internal static void AssertEqualWeights(WeightSet a, WeightSet b) => Assert.IsTrue(Same(a, b), "weights differ");

    private static bool Same(WeightSet a, WeightSet b) =>
        a.Keys.SequenceEqual(b.Keys) && a.Keys.All(key => a[key].Values.AsSpan().SequenceEqual(b[key].Values));

    private static EpochCompleted Untimed(EpochCompleted epoch) => epoch with { Seconds = 0, ImagesPerSecond = 0 };

    private IDataView Data(int count, int seed) => TinyPictures.Data(_ml, TinyPictures.Rows(count, seed));

    private AlexNetTrainer Trainer(
        TrainingOptions options,
        TrainingStart? start = null,
        TrainingColumns? columns = null,
        TrainingObservation? observation = null) =>
        _ml.MulticlassClassification.Trainers.AlexNet(options, start ?? TinyPictures.Start, columns, observation);

    private sealed class ListLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }

    private sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    private sealed class FullSizeRow
    {
        [VectorType(256, 256, 3)]
        public byte[] Pixels { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
