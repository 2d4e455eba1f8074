using System.Text;
using Microsoft.ML;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Scoring;
using MlNetAlexNet.Training.Runs;
using SkiaSharp;
using Files = MlNetAlexNet.Tests.Pictures;

namespace MlNetAlexNet.Training.Tests.Runs;

/// <summary>A network of one channel all the way: training, zip, every scorer, 8 bits, and on from its zip.</summary>
[TestClass]
public sealed class GreyRunTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly string Data = Path.Combine(Folder.Path, "data");
    private static readonly string Zip = Path.Combine(Folder.Path, "run", "model.zip");
    private static RunResult s_run = null!;

    // Red is (255, 0, 0) and has a grey value of 76, dark blue (0, 0, 139) one of 16, yellow 226: colour is lost, light is not.
    private static readonly (string Name, SKColor Colour, int Grey)[] s_classes =
    [
        ("dark", new SKColor(0, 0, 139), 16), ("light", new SKColor(255, 255, 0), 226), ("middle", new SKColor(255, 0, 0), 76),
    ];

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        foreach (var (name, colour, _) in s_classes)
        {
            for (var i = 0; i < 20; i++)
                Folder.Write($"data/{name}/{i}.png", Files.Flat(30 + i, 40, colour, SKEncodedImageFormat.Png));
        }

        s_run = Run("run", new StartOptions
        {
            Stack = Folder.Write("grey.json", Encoding.UTF8.GetBytes(KerasConfig.ToJson(new Sequential(TensorShape.Image(12, 12, 1))
            {
                new Conv2D(4, 3, activation: Activation.Relu),
                new MaxPooling2D(2),
                new Flatten(),
                new Dense(16, Activation.Relu),
                new Dense(3, Activation.Softmax),
            }.Plan()))),
        });
    }

    [ClassCleanup]
    public static void Delete() => Folder.Dispose();

    [TestMethod]
    public void Execute_OneChannel_MeasuresTheGreyValuesAndLearns()
    {
        var preprocessing = ModelZip.Read(Zip).Preprocessing;

        var learnt = ImageFolder.Open(Data).Train.Select(picture => s_classes.Single(one => one.Name == picture.Label).Grey).ToList();
        var mean = learnt.Average();
        Assert.AreEqual(mean, preprocessing.Mean.Single(), 1e-3);
        Assert.AreEqual(
            Math.Sqrt(learnt.Average(grey => (grey - mean) * (grey - mean))), preprocessing.StandardDeviation.Single(), 1e-3);
        Assert.AreEqual(1.0, s_run.Metrics!.Top1);
    }

    [TestMethod]
    public void Zip_OfOneChannel_ScoresTheSameInMlNetAsHere()
    {
        var ml = new MLContext(seed: 1);
        using var engine = ml.Model.CreatePredictionEngine<LabeledImage, ImagePrediction>(ml.Model.Load(Zip, out _));
        using var classifier = ImageClassifier.Load(Zip);
        foreach (var picture in ImageFolder.ListLabeled(Data).Where((_, i) => i % 7 == 0))
        {
            var stock = engine.Predict(picture);

            Assert.AreEqual(picture.Label, stock.PredictedLabel);
            foreach (var (ours, theirs) in classifier.Classify(picture.ImagePath).Score.Zip(stock.Score))
                Assert.AreEqual(theirs, ours, 1e-5);
        }
    }

    [TestMethod]
    public void Quantize_OfOneChannel_IsAsGood()
    {
        var result = QuantizationGate.Quantize(
            new QuantizationOptions { Model = Zip, Output = Path.Combine(Folder.Path, "int8.zip"), MaximumLoss = 50 },
            ImageFolder.Open(Data, new SplitOptions()));

        Assert.AreEqual(1.0, result.Int8.Top1);
        using var classifier = ImageClassifier.Load(Path.Combine(Folder.Path, "int8.zip"));
        Assert.AreEqual(1.0, ModelEvaluation.Evaluate(classifier, ImageFolder.ListLabeled(Data)).Metrics.Top1);
    }

    [TestMethod]
    public void Execute_OnFromTheZip_KeepsChannelAndNumbers()
    {
        var again = Run("again", new StartOptions { InitialWeights = Zip });

        var (before, after) = (ModelZip.Read(Zip), ModelZip.Read(again.Folder.Model));
        Assert.AreEqual(before.Plan.Input, after.Plan.Input);
        CollectionAssert.AreEqual(before.Preprocessing.Mean.ToArray(), after.Preprocessing.Mean.ToArray());
        Assert.AreEqual(1.0, again.Metrics!.Top1);
    }

    private static RunResult Run(string name, StartOptions start) => TrainingRun.Execute(new RunOptions
    {
        Data = Data,
        Output = Path.Combine(Folder.Path, name),
        PixelCache = null,
        Start = start,
        Training = TinyPictures.Options with { Epochs = 30, LearningRate = 0.05 },
    });
}
