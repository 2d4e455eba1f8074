using Microsoft.ML;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Scoring;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Training.Tests.Runs;

[TestClass]
public sealed class QuantizationGateTests
{
    private static readonly TemporaryFolder Folder = new();
    private static RunResult s_run = null!;
    private static ImageFolder s_pictures = null!;

    [ClassInitialize]
    public static void TrainOnce(TestContext context)
    {
        var data = Path.Combine(Folder.Path, "data");
        ColoredPictures.Draw(Path.Combine(data, "train"), 16);
        ColoredPictures.Draw(Path.Combine(data, "validation"), 67, seed: 2); // 201: enough to tell half a point
        ColoredPictures.Draw(Path.Combine(data, "test"), 2, seed: 3);
        var options = new RunOptions
        {
            Data = data,
            Output = Path.Combine(Folder.Path, "run"),
            PixelCache = null,
            Start = TinyPictures.StartIn(Folder),
            Training = TinyPictures.Options with { Epochs = 12 },
            Quantize = true,
        };
        s_run = TrainingRun.Execute(options);
        s_pictures = ImageFolder.Open(data, options.Split);
    }

    [ClassCleanup]
    public static void Delete() => Folder.Dispose();

    [TestMethod]
    public void Quantize_TrainingRunWithQuantize_WritesBothZips()
    {
        using var classifier = ImageClassifier.Load(s_run.Folder.QuantizedModel);

        var quantized = s_run.Quantized!;
        Assert.AreEqual(s_run.Folder.QuantizedModel, quantized.Output);
        Assert.AreEqual(quantized.Int8, ModelEvaluation.Evaluate(classifier, s_pictures.Validation).Metrics, new SameFigures());
        Assert.AreEqual(new FileInfo(quantized.Output).Length, quantized.Int8Bytes);
        Assert.IsLessThanOrEqualTo(0.5, quantized.Loss);
        Assert.AreEqual(1.0, quantized.Agreement);
        Assert.AreEqual(new PairedComparison(s_pictures.Validation.Count, Same: s_pictures.Validation.Count, OnlyFirstRight: 0, OnlySecondRight: 0), quantized.Comparison);
    }

    [TestMethod]
    public void Quantize_TwiceWithOneSeed_WritesTheSameNetwork()
    {
        var again = Options("again.zip");

        QuantizationGate.Quantize(again, s_pictures);

        Assert.AreEqual(Network(s_run.Folder.QuantizedModel), Network(again.Output));
    }

    [TestMethod]
    public void Quantize_LosesTooMuch_IsRefusedWithTheFiguresAndNothingWritten()
    {
        var options = Options("refused.zip") with { Model = UnquantizableModel() };
        var before = Directory.GetFiles(Folder.Path);

        var fault = Assert.ThrowsExactly<AlexNetException>(() => QuantizationGate.Quantize(options, s_pictures));

        StringAssert.Contains(fault.Message, "fewer than the 98.0% required");
        StringAssert.Contains(fault.Message, "refused.zip' is not written");
        CollectionAssert.AreEquivalent(before, Directory.GetFiles(Folder.Path));
        QuantizationGate.Quantize(options with { MaximumLoss = 100, MinimumAgreement = 0 }, s_pictures);
        Assert.IsTrue(File.Exists(options.Output));
    }

    [TestMethod]
    public void Quantize_TrainingRunThatLosesTooMuch_KeepsTheRestOfTheRun()
    {
        var result = TrainingRun.Execute(new RunOptions
        {
            Data = Path.Combine(Folder.Path, "data"),
            Output = Path.Combine(Folder.Path, "loses"),
            Start = new StartOptions { InitialWeights = UnquantizableModel() },
            Training = TinyPictures.Options with { Epochs = 1, LearningRate = 1e-12 },
            Quantize = true,
            PixelCache = null,
        });

        StringAssert.Contains(result.Fault?.Message, "fewer than the 98.0% required");
        Assert.IsNull(result.Quantized);
        Assert.AreEqual(1.0, result.Metrics!.Top1);
        Assert.IsTrue(File.Exists(result.Folder.Model));
        Assert.IsFalse(File.Exists(result.Folder.QuantizedModel));
    }

    [TestMethod]
    public void Quantize_FewValidationPictures_AreRefusedWithTheNumberThatItTakes()
    {
        var few = s_pictures with { Validation = [.. s_pictures.Validation.Take(15)] };

        Refused(Options("few.zip"), few, "A loss of 0.5 points cannot be told on 15 validation pictures, one of which is 6.7 points; it takes 200.");
        Refused(Options("few.zip") with { MaximumLoss = 6.6 }, few, "it takes 16");
        Assert.AreEqual(15, QuantizationGate.Quantize(Options("few.zip") with { MaximumLoss = 6.7 }, few).Comparison.Pictures);
    }

    [TestMethod]
    public void Quantize_TrainingRunOnFewPictures_KeepsTheModelAndSaysWhy()
    {
        var data = Path.Combine(Folder.Path, "few");
        ColoredPictures.Draw(data, 10);
        var said = new List<TrainingProgress>();

        var result = TrainingRun.Execute(
            new RunOptions
            {
                Data = data,
                Output = Path.Combine(Folder.Path, "few-run"),
                Start = TinyPictures.StartIn(Folder),
                Training = TinyPictures.Options with { Epochs = 1 },
                Quantize = true,
                PixelCache = null,
            },
            new TrainingObservation { Progress = new ProgressHandler<TrainingProgress>(said.Add) });

        StringAssert.Contains(result.Fault?.Message, $"cannot be told on {ImageFolder.Open(data).Validation.Count} validation pictures");
        StringAssert.Contains(said.OfType<QuantizationUnlikely>().Single().Reason, "it takes 200");
        Assert.IsTrue(File.Exists(result.Folder.Model));
        Assert.IsNotNull(result.Metrics);
        Assert.IsNull(result.Quantized);
        Assert.IsFalse(File.Exists(result.Folder.QuantizedModel));
    }

    [TestMethod]
    public void Quantize_PicturesThatCannotBeDecoded_AreNamedOrLeftOut()
    {
        LabeledImage[] bad = [Bad("bad-1.jpg"), Bad("bad-2.jpg")];
        var options = Options("left-out.zip") with { CalibrationPictures = 1000 };
        var pictures = s_pictures with
        {
            Train = [.. s_pictures.Train, bad[0]],
            Validation = [.. s_pictures.Validation, bad[1]],
        };

        Refused(options, pictures with { Validation = s_pictures.Validation }, "bad-1.jpg");
        Refused(options, pictures with { Train = s_pictures.Train }, "bad-2.jpg");
        var result = QuantizationGate.Quantize(options with { SkipBadImages = true }, pictures);

        CollectionAssert.AreEquivalent(bad.Select(picture => picture.ImagePath).ToArray(), result.LeftOut.ToArray());
        Assert.AreEqual(s_pictures.Validation.Count, result.Int8.Pictures);

        static LabeledImage Bad(string name) => new() { ImagePath = Folder.Write(name), Label = "red" };
    }

    [TestMethod]
    public void Quantize_ValidationPicturesThatCannotBeUsed_AreRefusedBeforeCalibration()
    {
        var unknown = s_pictures with
        {
            Validation = [.. s_pictures.Validation, new LabeledImage { ImagePath = "no.png", Label = "pink" }],
        };

        var message = Assert.ThrowsExactly<AlexNetException>(() => QuantizationGate.Quantize(
            Options("none.zip"),
            unknown,
            new ProgressHandler<QuantizationProgress>(
                progress => Assert.AreNotEqual(QuantizationStage.Calibrating, progress.Stage)))).Message;

        StringAssert.Contains(message, "'pink'");
    }

    [TestMethod]
    public void Quantize_Progress_TellsOfBothZipsAndTheCalibration()
    {
        var progress = new List<QuantizationProgress>();

        QuantizationGate.Quantize(
            Options("progress.zip") with { CalibrationPictures = 3 },
            s_pictures,
            new ProgressHandler<QuantizationProgress>(progress.Add));

        CollectionAssert.AreEqual(
            (QuantizationProgress[])
            [
                .. Reports(QuantizationStage.ScoringFloat32, first: 1, s_pictures.Validation.Count),
                .. Reports(QuantizationStage.Calibrating, first: 0, total: 3),
                .. Reports(QuantizationStage.Correcting, first: 1, total: 3),
                .. Reports(QuantizationStage.ScoringInt8, first: 1, s_pictures.Validation.Count),
            ],
            progress);

        static IEnumerable<QuantizationProgress> Reports(QuantizationStage stage, int first, int total) =>
            Enumerable.Range(first, total - first + 1).Select(done => new QuantizationProgress(stage, done, total));
    }

    [TestMethod]
    public void Quantize_OptionsThatCannotWork_AreRefused()
    {
        var options = Options("none.zip");
        Refused(options with { CalibrationPictures = 0 }, s_pictures, "at least 1");
        Refused(options with { MaximumLoss = -1 }, s_pictures, "above 0 and at most 100");
        Refused(options with { MaximumLoss = 0 }, s_pictures, "above 0 and at most 100");
        Refused(options with { MinimumAgreement = 98 }, s_pictures, "between 0 and 1");
        Refused(options with { Output = "" }, s_pictures, "Output is empty");
        Refused(options with { Model = "" }, s_pictures, "Model is empty");
        Refused(options with { Output = options.Model }, s_pictures, "is the zip to quantize");
        Refused(options with { Output = Folder.Path }, s_pictures, "is a folder");
        Refused(options, s_pictures with { Validation = [] }, "no validation pictures");
        Refused(options with { Model = "missing.zip" }, s_pictures, "does not exist");
    }

    private static void Refused(QuantizationOptions options, ImageFolder pictures, string why) => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => QuantizationGate.Quantize(options, pictures)).Message, why);

    private static QuantizationOptions Options(string output) =>
        new() { Model = s_run.Folder.Model, Output = Path.Combine(Folder.Path, output) };

    private static uint Network(string path)
    {
        using var zip = System.IO.Compression.ZipFile.OpenRead(path);
        return zip.Entries.Single(entry => entry.Name == "OnnxModel").Crc32;
    }

    // Its hidden units are a colour's mean, some tenths, on top of 10,000: much less than one of 255 steps.
    private static string UnquantizableModel()
    {
        var stack = new Sequential(TensorShape.Image(1, 1, 3))
        {
            new Flatten(), new Dense(3, Activation.Relu), new Dense(3, Activation.Softmax),
        };
        var weights = new WeightSet(
        [
            new("dense_1/kernel", new Weight([3, 3], [0, 0, 1, 0, 1, 0, 1, 0, 0])), // blue, green, red
            new("dense_1/bias", new Weight([3], [10_000, 10_000, 10_000])),
            new("dense_2/kernel", new Weight([3, 3], [9, 0, 0, 0, 9, 0, 0, 0, 9])),
            new("dense_2/bias", new Weight([3], [0, 0, 0])),
        ]);
        var model = new TrainedModel(
            stack.Plan(), weights, new ImagePreprocessing(1, [0, 0, 0], [100, 100, 100]), ColoredPictures.Classes);
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable(s_pictures.Train);
        var path = Path.Combine(Folder.Path, "unquantizable.zip");
        ModelZip.Save(ml, ml.Transforms.LoadPixels().Fit(view).Append(ScoringChain.Create(ml, model)), view.Schema, path);
        return path;
    }

    private sealed class SameFigures : IEqualityComparer<Metrics>
    {
        public bool Equals(Metrics? x, Metrics? y) => (x!.Correct, x.Pictures, x.LogLoss) == (y!.Correct, y.Pictures, y.LogLoss);

        public int GetHashCode(Metrics metrics) => metrics.Pictures;
    }
}
