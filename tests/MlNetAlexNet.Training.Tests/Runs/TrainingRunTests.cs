using System.Text.Json.Nodes;
using Microsoft.ML;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Training.Tests.Runs;

[TestClass]
public sealed class TrainingRunTests
{
    private static RunOptions Options(TemporaryFolder folder, int perClass = 10)
    {
        var data = Path.Combine(folder.Path, "data");
        ColoredPictures.Draw(data, perClass);
        var output = Path.Combine(folder.Path, "run");
        return new RunOptions
        {
            Data = data,
            Output = output,
            PixelCache = Path.Combine(folder.Path, "cache"),
            Start = TinyPictures.StartIn(folder),
            Training = TinyPictures.Options,
        };
    }

    private static TrainingObservation Observe(Action<TrainingProgress> handle, CancellationToken cancel = default) =>
        new() { Progress = new ProgressHandler<TrainingProgress>(handle), CancellationToken = cancel };

    [TestMethod]
    public void Execute_FolderOfPictures_WritesAModelThatKnowsThem()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder, perClass: 20) with { Training = TinyPictures.Options with { Epochs = 12 } };
        var progress = new List<TrainingProgress>();

        var result = TrainingRun.Execute(options, Observe(progress.Add));

        CollectionAssert.AreEquivalent(
            new[]
            {
                "model.zip", "options.json", "history.csv", "run.json", "metrics.json", "confusion.txt", "predictions.csv", "report.html",
            },
            Directory.GetFiles(options.Output).Select(Path.GetFileName).ToArray());
        Assert.IsFalse(result.IsCancelled);
        Assert.HasCount(12, result.History);
        Assert.HasCount(13, File.ReadAllLines(result.Folder.History));
        Assert.AreEqual(1.0, result.Metrics!.Top1);
        var drawn = ImageFolder.Open(options.Data, options.Split);
        Assert.AreEqual(drawn.Test.Count, result.Metrics.Pictures);
        var found = progress.OfType<PicturesFound>().Single();
        Assert.AreEqual((drawn.Train.Count, drawn.Validation.Count, drawn.Test.Count), (found.Train, found.Validation, found.Test));
        Assert.AreEqual(new ModelTesting(new EvaluationProgress(drawn.Test.Count, drawn.Test.Count)), progress[^1]);
        CollectionAssert.AreEqual(
            Enumerable.Range(1, 60).Select(done => new PicturesReading(PictureStage.Decoding, done, 60)).ToArray(), progress[..60]);
        CollectionAssert.AreEqual(
            Enumerable.Range(1, drawn.Train.Count + drawn.Validation.Count)
                .Select(done => new PicturesReading(PictureStage.Fingerprinting, done, drawn.Train.Count + drawn.Validation.Count)).ToArray(),
            progress[60..progress.IndexOf(found)]);
        CollectionAssert.AreEqual(
            Enumerable.Range(1, 12).Select(epoch => new PicturesValidating(epoch, drawn.Validation.Count, drawn.Validation.Count)).ToArray(),
            progress.OfType<PicturesValidating>().Where(at => at.Done == at.Total).ToArray());
    }

    [TestMethod]
    public void Execute_Metrics_SayHowSureTheyAreAndWhatMadeThem()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder, perClass: 20) with { Training = TinyPictures.Options with { Epochs = 1, Seed = 7 } };

        var result = TrainingRun.Execute(options);

        var json = JsonNode.Parse(File.ReadAllText(result.Folder.Metrics))!;
        Assert.AreEqual(result.Metrics!.Top1, (double)json["top1"]!);
        Assert.AreEqual(result.Metrics.Top1Interval.Low, (double)json["top1Interval"]!["low"]!);
        Assert.AreEqual(result.Metrics.Top5Interval.High, (double)json["top5Interval"]!["high"]!);
        Assert.IsEmpty(json["trainedOn"]!.AsArray());
        var run = json["run"]!;
        Assert.AreEqual((7, "Float32"), ((int)run["seed"]!, (string)run["precision"]!));
        StringAssert.StartsWith((string)run["device"]!, "CPU");
        Assert.AreEqual(TorchSharp.torch.get_num_threads(), (int)run["torchThreads"]!);
        Assert.AreEqual("2.10.0.0", (string)run["versions"]!["LibTorch"]!);
        Assert.AreEqual(Environment.Version.ToString(), (string)run["versions"]![".NET"]!);
        Assert.AreEqual(Environment.ProcessorCount, (int)run["processor"]!["threads"]!);
        Assert.AreNotEqual("unknown", (string)run["processor"]!["name"]!);
        Assert.IsTrue(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(result.Folder.Options)), run["options"]));
    }

    // Also those of the training before.
    [TestMethod]
    public void Execute_FineTuned_KnowsThePicturesOfBothTrainings()
    {
        using var folder = new TemporaryFolder();
        var first = Options(folder) with { Training = TinyPictures.Options with { Epochs = 1, BatchNormalization = true } };
        var run = TrainingRun.Execute(first);
        ColoredPictures.Draw(Path.Combine(folder.Path, "more"), 10, seed: 9);
        var second = TrainingRun.Execute(first with
        {
            Data = Path.Combine(folder.Path, "more"),
            Output = Path.Combine(folder.Path, "second"),
            Start = new StartOptions { InitialWeights = run.Folder.UnfoldedModel },
        });

        var old = ImageFolder.Open(first.Data, first.Split).Train.Count;
        var both = old + ImageFolder.Open(Path.Combine(folder.Path, "more"), first.Split).Train.Count;
        foreach (var (zip, count) in new[] { (run.Folder.Model, old), (second.Folder.Model, both), (second.Folder.UnfoldedModel, both) })
        {
            using var classifier = ImageClassifier.Open(zip, null, out _);
            Assert.AreEqual(count, classifier.TrainedOn.Count);
            var learnt = ImageFolder.Open(first.Data, first.Split).Train.Select(picture => picture.ImagePath);
            Assert.IsTrue(FingerprintedPictures.Read(learnt, default).All(classifier.TrainedOn.Contains));
            var validated = ImageFolder.Open(first.Data, first.Split).Validation.Select(picture => picture.ImagePath);
            Assert.IsTrue(FingerprintedPictures.Read(validated, default).All(ModelFile.Read(zip).Model.ChosenBy.Contains));
        }
    }

    [TestMethod]
    public void Execute_WithMirroredViews_TestsAndWritesTheModelWithThem()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { Training = TinyPictures.Options with { Views = ScoringViews.Mirrored, Epochs = 2 } };
        TrainingStarted? started = null;

        var result = TrainingRun.Execute(options, Observe(step => started = step as TrainingStarted ?? started));

        StringAssert.EndsWith(started!.Input, "crops of 28x28; 2 views are scored");
        using var classifier = ImageClassifier.Load(result.Folder.Model);
        Assert.AreEqual(ScoringViews.Mirrored, classifier.Views);
        var test = ImageFolder.Open(options.Data, options.Split).Test;
        Assert.AreEqual(ModelEvaluation.Evaluate(classifier, test).Metrics.LogLoss, result.Metrics!.LogLoss, 1e-6);
    }

    // What training validates is what the zip says of the same pictures, so the two subtract the same.
    [TestMethod]
    public void Execute_PapersProtocol_SubtractsTheSameMeanImageInTheZip()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder, perClass: 20) with
        {
            Training = TinyPictures.Options with
            {
                MeanImage = true,
                Augmentation = new() { Lighting = 0.1 },
                Schedule = LearningRateSchedule.ReduceOnPlateau,
                Epochs = 6,
            },
        };

        var result = TrainingRun.Execute(options);

        var image = ModelZip.Read(result.Folder.Model).Preprocessing.MeanImage!;
        Assert.HasCount(3 * TinyPictures.Size * TinyPictures.Size, image);
        using var classifier = ImageClassifier.Load(result.Folder.Model);
        var validated = ModelEvaluation.Evaluate(classifier, ImageFolder.Open(options.Data, options.Split).Validation).Metrics;
        var best = result.History.Last(epoch => epoch.IsBest);
        Assert.AreEqual(best.ValidationLoss!.Value, validated.LogLoss, 1e-4);
        Assert.AreEqual(1.0, result.Metrics!.Top1);

        var again = TrainingRun.Execute(options with
        {
            Output = Path.Combine(folder.Path, "again"),
            Start = new StartOptions { InitialWeights = result.Folder.Model },
            Training = options.Training with { Epochs = 1, LearningRate = 1e-9 },
        });
        CollectionAssert.AreEqual(image.ToArray(), ModelZip.Read(again.Folder.Model).Preprocessing.MeanImage!.ToArray());
        Assert.AreEqual(best.ValidationLoss!.Value, again.History[0].ValidationLoss!.Value, 1e-4);
    }

    [TestMethod]
    public void Execute_WithBatchNormalization_WritesTheStackWithoutItAndKeepsItToTrainOn()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder, perClass: 20) with
        {
            Training = TinyPictures.Options with { BatchNormalization = true, Epochs = 6 },
        };
        var run = TrainingRun.Execute(options).Folder;

        var (folded, unfolded) = (ModelZip.Read(run.Model), ModelFile.Read(run.UnfoldedModel).Model);
        var stack = TinyPictures.Network(3, 0.2).Plan();
        Assert.AreEqual(ModelSummary.Format(stack), ModelSummary.Format(folded.Plan));
        Assert.AreEqual(2, unfolded.Plan.Count(planned => planned.Layer is BatchNormalization));
        using (var one = ImageClassifier.Load(folded))
        using (var other = ImageClassifier.Open(run.UnfoldedModel, options: null, out _))
        {
            foreach (var picture in Directory.EnumerateFiles(options.Data, "*", SearchOption.AllDirectories))
            {
                var (expected, actual) = (other.Classify(picture).Score, one.Classify(picture).Score);
                for (var i = 0; i < expected.Length; i++)
                    Assert.AreEqual(expected[i], actual[i], 1e-5f);
            }
        }

        // Both can be trained on, with the normalization that is there or put in again.
        foreach (var start in (string[])[run.Model, run.UnfoldedModel])
        {
            var again = TrainingRun.Execute(options with
            {
                Output = Path.Combine(folder.Path, $"on-{Path.GetExtension(start)[1..]}"),
                Start = new StartOptions { InitialWeights = start },
                Training = options.Training with { Epochs = 1, LearningRate = 1e-6 },
            });
            Assert.AreEqual(1.0, again.Metrics!.Top1, start);
            Assert.IsTrue(File.Exists(again.Folder.UnfoldedModel));
        }
    }

    [TestMethod]
    public void Execute_ModelZip_EvaluatesTheSameInMlNet()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { Training = TinyPictures.Options with { Epochs = 1, Seed = 3 } };

        var metrics = TrainingRun.Execute(options).Metrics!;

        var ml = new MLContext();
        var model = ml.Model.Load(Path.Combine(options.Output, "model.zip"), out _);
        var test = ml.Data.LoadFromEnumerable(ImageFolder.Open(options.Data, options.Split).Test);
        var theirs = ml.MulticlassClassification.Evaluate(model.Transform(test));
        Assert.AreEqual(theirs.MicroAccuracy, metrics.Top1, 1e-12);
        Assert.AreEqual(theirs.LogLoss, metrics.LogLoss, 1e-4);
        Assert.IsTrue(theirs.PerClassLogLoss.All(double.IsFinite));
    }

    [TestMethod]
    public void Execute_OptionsFileOfARun_RepeatsIt()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder);
        var first = TrainingRun.Execute(options);

        var again = OptionsFile.Read(first.Folder.Options) with
        {
            Output = Path.Combine(folder.Path, "again"),
            PixelCache = null,
        };
        var second = TrainingRun.Execute(again);
        var other = TrainingRun.Execute(options with
        {
            Output = Path.Combine(folder.Path, "other"),
            Training = options.Training with { Seed = 2 },
        });

        Assert.AreEqual(WithoutTime(first), WithoutTime(second));
        Assert.AreNotEqual(WithoutTime(first), WithoutTime(other));
        Assert.AreEqual(File.ReadAllText(first.Folder.Metrics), File.ReadAllText(second.Folder.Metrics));
    }

    [TestMethod]
    public void Execute_BadPictures_NamesAllOfThemBeforeTraining()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder);
        var bad = new[] { folder.Write("data/red/bad.jpg", [1, 2, 3]), folder.Write("data/blue/empty.png") };

        var fault = Assert.ThrowsExactly<AlexNetException>(() => TrainingRun.Execute(options));

        var message = fault.Message;
        Assert.AreEqual("SkipBadImages", fault.Option);
        StringAssert.Contains(message, "2 pictures cannot be decoded");
        StringAssert.Contains(message, bad[0]);
        StringAssert.Contains(message, bad[1]);
        StringAssert.Contains(message, "set SkipBadImages");
        Assert.IsFalse(Directory.Exists(options.Output));
    }

    [TestMethod]
    public void Execute_BadPicturesLeftOut_ReportsThemAndTrainsOnTheOthers()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with
        {
            SkipBadImages = true,
            Training = TinyPictures.Options with { Epochs = 1 },
        };
        var bad = folder.Write("data/red/bad.jpg", [1, 2, 3]);
        PicturesFound? found = null;

        TrainingRun.Execute(options, Observe(progress => found ??= progress as PicturesFound));

        CollectionAssert.AreEqual(new[] { bad }, found!.LeftOut.ToArray());
        Assert.AreEqual(30, found.Train + found.Validation + found.Test);
    }

    [TestMethod]
    public void Execute_CancelledAfterAnEpoch_KeepsAndTestsTheBestWeights()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        var options = Options(folder) with { Training = TinyPictures.Options with { Epochs = 1000 } };
        var cancel = Observe(progress =>
        {
            if (progress is EpochCompleted { Epoch: 2 })
                cancellation.Cancel();
        }, cancellation.Token);

        var result = TrainingRun.Execute(options, cancel);

        Assert.IsTrue(result.IsCancelled);
        Assert.IsTrue(result.HasModel);
        Assert.IsNotNull(result.Metrics);
        Assert.HasCount(3, File.ReadAllLines(result.Folder.History));
        using var classifier = ImageClassifier.Load(result.Folder.Model);
        CollectionAssert.AreEqual(ColoredPictures.Classes, classifier.Classes.ToArray());
    }

    [TestMethod]
    public void Execute_CancelledBeforeTheFirstStep_LeavesNoModel()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        var options = Options(folder);
        var cancel = Observe(progress =>
        {
            if (progress is PicturesFound)
                cancellation.Cancel();
        }, cancellation.Token);

        var result = TrainingRun.Execute(options, cancel);

        Assert.IsTrue(result.IsCancelled);
        Assert.IsFalse(result.HasModel);
        Assert.IsFalse(File.Exists(result.Folder.Model));
    }

    [TestMethod]
    public void Execute_OverwriteOfARun_LeavesItWholeUntilTheNewModelIs()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { Training = TinyPictures.Options with { Epochs = 2 }, Overwrite = true };
        var first = TrainingRun.Execute(options);
        File.WriteAllText(first.Folder.QuantizedModel, "of the first run");
        var before = Contents(options.Output);
        var epochs = 0;

        TrainingRun.Execute(
            options with { Training = options.Training with { Seed = 2 } },
            Observe(progress =>
            {
                if (progress is EpochCompleted)
                {
                    epochs++;
                    CollectionAssert.AreEqual(before, Contents(options.Output));
                }
            }));

        Assert.AreEqual(2, epochs);
        Assert.IsFalse(File.Exists(first.Folder.QuantizedModel));
        Assert.AreEqual(2, OptionsFile.Read(first.Folder.Options).Training.Seed);
        Assert.HasCount(3, File.ReadAllLines(first.Folder.History));
        CollectionAssert.AreNotEqual(before, Contents(options.Output));

        static string[] Contents(string path) =>
        [
            .. Directory.GetFiles(path).Where(file => Path.GetFileName(file) != RunClaim.LockName).Order(StringComparer.Ordinal)
                .Select(file => Path.GetFileName(file) + Convert.ToBase64String(File.ReadAllBytes(file))),
        ];
    }

    // The weight decay alone drives the weights: below a rate of 4 / 0.5 they shrink, above they grow without end.
    [TestMethod]
    public void Execute_DivergesAfterAnEpoch_KeepsTheBestWeightsAndSaysSo()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with
        {
            Training = TinyPictures.Options with
            {
                Epochs = 100,
                LearningRate = 300,
                WarmUpSteps = 300,
                WeightDecay = 0.5,
                GradientClipNorm = 1e-6,
            },
        };

        var result = TrainingRun.Execute(options);

        StringAssert.Contains(result.Fault?.Message, "diverged");
        StringAssert.Contains(result.Fault?.Message, "The best weights so far");
        Assert.IsFalse(result.IsCancelled);
        Assert.IsNotNull(result.Metrics);
        Assert.HasCount(result.History.Count + 1, File.ReadAllLines(result.Folder.History));
        using var classifier = ImageClassifier.Load(result.Folder.Model);
    }

    [TestMethod]
    public void Execute_QuantizeWithoutValidationPictures_IsRefusedBeforeTraining()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { Quantize = true };
        options = options with { Split = options.Split with { ValidationFraction = 0 } };

        var message = Assert.ThrowsExactly<AlexNetException>(() => TrainingRun.Execute(
            options,
            Observe(progress => Assert.IsNotInstanceOfType<TrainingStarted>(progress)))).Message;

        StringAssert.Contains(message, "no validation pictures");
    }

    // The wrong way round it would drop a class and learn it anew.
    [TestMethod]
    public void Execute_ClassRenamedToNoneOfThePictures_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder);
        var first = TrainingRun.Execute(options);

        var fault = Assert.ThrowsExactly<AlexNetException>(() => TrainingRun.Execute(options with
        {
            Output = Path.Combine(folder.Path, "second"),
            Start = new StartOptions
            {
                InitialWeights = first.Folder.Model,
                RenamedClasses = new Dictionary<string, string> { ["red"] = "rot" },
            },
        }));

        Assert.AreEqual("RenamedClasses calls 'red' 'rot', and no pictures are of that class. Known: blue, green, red.", fault.Message);
        Assert.AreEqual("RenamedClasses", fault.Option);
    }

    [TestMethod]
    public void Execute_InitialWeights_StartsWhereTheModelEnded()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder);
        var first = TrainingRun.Execute(options);

        var second = TrainingRun.Execute(options with
        {
            Output = Path.Combine(folder.Path, "second"),
            Start = new StartOptions { InitialWeights = first.Folder.Model },
            Training = options.Training with { Epochs = 1, LearningRate = 1e-9 },
        });

        Assert.AreEqual(first.Metrics!.LogLoss, second.Metrics!.LogLoss, 1e-3);
    }

    [TestMethod]
    public void Execute_StartThatDoesNotFit_IsRefusedBeforeThePicturesAreDecoded()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with { Start = TinyPictures.StartIn(folder, classes: 4) };
        folder.Write("data/red/bad.jpg", [1, 2, 3]);

        var message = Assert.ThrowsExactly<AlexNetException>(() => TrainingRun.Execute(options)).Message;

        StringAssert.Contains(message, "dense_2 ends the stack with");
        Assert.IsFalse(Directory.Exists(options.Output));
    }

    private static string WithoutTime(RunResult result) => string.Join('\n', File.ReadLines(result.Folder.History)
        .Select(line => string.Join(',', line.Split(',')[..8])));
}
