using Microsoft.ML;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Scoring;
using MlNetAlexNet.Training.Trainers;
using Padding = MlNetAlexNet.Layers.Padding;

namespace MlNetAlexNet.Training.Tests.Trainers;

/// <summary>
/// A network with batch normalization of each kind, from training to every file and back: one that folds into the layer
/// before, one that folds into nothing, one that folds into the layer behind.
/// </summary>
[TestClass]
public sealed class NormalizedNetworkTests
{
    private const int Size = 32;
    private static readonly TemporaryFolder Folder = new();
    private static readonly MLContext s_ml = new(1);
    private static IReadOnlyList<LabeledImage> s_pictures = null!;
    private static TrainedModel s_model = null!;

    [ClassInitialize]
    public static void TrainOnce(TestContext context)
    {
        ColoredPictures.Draw(Folder.Path, 20);
        s_pictures = ImageFolder.Open(Folder.Path, new SplitOptions { ValidationFraction = 0, TestFraction = 0 }).Train;
        s_model = Train(TrainingStart.FromStack(Network), TinyPictures.Options with { Epochs = 8 }).Model;
    }

    [ClassCleanup]
    public static void Delete() => Folder.Dispose();

    [TestMethod]
    public void Train_NormalizedNetwork_LearnsAndKeepsItsLayers()
    {
        CollectionAssert.AreEqual(
            Network(3).ToArray(), s_model.Plan.Select(planned => planned.Layer).ToArray());
        Assert.AreEqual(s_pictures.Count, CountRight(ImageClassifier.Load(s_model)));
        foreach (var (key, shape) in s_model.Plan.Weights.Where(weight => !weight.Shape.IsTrainable))
        {
            var start = shape.Name == "moving_mean" ? 0 : 1;
            Assert.IsTrue(s_model.Weights[key].Values.All(value => value != start && float.IsFinite(value)), key);
        }
    }

    // A rate so low that nothing is learnt: what the trained model is right on, it stays right on.
    [TestMethod]
    public void Train_FromTheModelOrItsZip_GoesOnWithItsWeights()
    {
        var zip = Write("warm.zip");
        foreach (var model in (TrainedModel[])[s_model, ModelFile.Read(zip).Model])
        {
            var result = Train(TrainingStart.FromModel(model), TinyPictures.Options with { Epochs = 1, LearningRate = 1e-9 });

            Assert.AreEqual(s_pictures.Count, CountRight(ImageClassifier.Load(result.Model)));
            CollectionAssert.AreEqual(
                model.Plan.Select(planned => planned.Layer).ToArray(), result.Model.Plan.Select(planned => planned.Layer).ToArray());
            foreach (var (key, shape) in model.Plan.Weights)
            {
                var isSame = model.Weights[key].Values.Zip(result.Model.Weights[key].Values, (a, b) => Math.Abs(a - b)).Max() < 1e-6;
                Assert.AreEqual(shape.IsTrainable, isSame, key);
            }
        }
    }

    [TestMethod]
    public void Train_ForOtherClasses_KeepsTheStatistics()
    {
        var other = s_pictures.Where(picture => picture.Label != "red").ToList();

        var result = Train(TrainingStart.FromModel(s_model), TinyPictures.Options with { Epochs = 1, LearningRate = 1e-9 }, other);

        CollectionAssert.AreEqual((string[])["blue", "green"], result.Model.Classes.ToArray());
        Assert.AreNotEqual(1, result.Model.Weights["batch_normalization_1/moving_variance"].Values[0], 0.01f);
    }

    // Those of the pixels and before Flatten go into the layer behind, those of sums into the one before; that between
    // pooling and padding stays.
    [TestMethod]
    [DataRow("folded.zip")]
    [DataRow("folded.onnx")]
    public void Write_ForScoring_FoldsAndScoresTheSame(string file)
    {
        var path = Write(file);

        CollectionAssert.AreEqual(
            (string[])["conv2d_1", "max_pooling2d_1", "batch_normalization_3", "conv2d_2", "flatten_1", "dense_1",
                "leaky_re_lu_1", "dropout_1", "dense_2"],
            ModelFile.Read(path).Model.Plan.Select(planned => planned.Name).ToArray());
        AssertScores(path, 1e-5);
    }

    [TestMethod]
    [DataRow("model.keras")]
    [DataRow("model.h5")]
    [DataRow("model.json")]
    [DataRow("model.pth")]
    [DataRow("model.safetensors")]
    public void Write_FormatOfAFramework_KeepsTheNormalizations(string file)
    {
        var network = ModelFile.HoldsStack(Write(file)) ? null : Network(3);

        var read = ModelFile.Read(Path.Combine(Folder.Path, file), new ModelFileOptions { Network = network }).Model;

        CollectionAssert.AreEqual(Network(3).ToArray(), read.Plan.Select(planned => planned.Layer).ToArray());
        foreach (var (key, weight) in s_model.Weights)
            CollectionAssert.AreEqual(weight.Values, read.Weights[key].Values, key);
    }

    [TestMethod]
    public void Quantize_NormalizedNetwork_PredictsTheSame()
    {
        var quantized = Path.Combine(Folder.Path, "int8.zip");

        ModelQuantization.Quantize(Write("float32.zip"), s_pictures.Select(Pixels), quantized);

        AssertScores(quantized, 0.05);
        Assert.AreEqual(s_pictures.Count, CountRight(ImageClassifier.Load(quantized)));
    }

    private static Sequential Network(int classes) => new(TensorShape.Image(28, 28, 3),
    [
        .. (Layer[])
        [
            new BatchNormalization(0.9),
            new Conv2D(8, 5, strides: 2, useBias: false),                             // 12 x 12 x 8
            new BatchNormalization(0.9),
            new ActivationLayer(Activation.Relu),
            new MaxPooling2D(3, strides: 2),                                          // 5 x 5 x 8
            new BatchNormalization(0.9, scale: false),
            new Conv2D(8, 3, padding: Padding.Same, activation: Activation.Elu),      // 5 x 5 x 8
            new BatchNormalization(0.9),
            new Flatten(),                                                            // 200
            new Dense(16),
            new BatchNormalization(0.9, epsilon: 1e-4),
            new LeakyReLU(),
            new Dropout(0.2),
            new Dense(classes, Activation.Softmax),
        ],
    ]);

    private static TrainingResult Train(
        TrainingStart start, TrainingOptions options, IReadOnlyList<LabeledImage>? pictures = null)
    {
        var rows = s_ml.Data.LoadFromEnumerable(pictures ?? s_pictures);
        var data = s_ml.Transforms.LoadPixels(Size).Append(s_ml.Transforms.Conversion.MapValueToKey(
            "Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)).Fit(rows).Transform(rows);
        return s_ml.MulticlassClassification.Trainers.AlexNet(
            options, start, new TrainingColumns { ValidationFraction = 0 }).Train(data);
    }

    private static string Write(string file)
    {
        var path = Path.Combine(Folder.Path, file);
        ModelFile.Write(s_model, path);
        return path;
    }

    private static byte[] Pixels(LabeledImage picture) => PixelDecoder.Decode(picture.ImagePath, Size);

    private static void AssertScores(string file, double tolerance)
    {
        using var classifier = ImageClassifier.Open(file, options: null, out _);
        foreach (var picture in s_pictures)
        {
            var (expected, score) = (ReferenceNetwork.Score(s_model, Pixels(picture)), classifier.Classify(picture.ImagePath).Score);
            for (var i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], score[i], tolerance, $"{picture.ImagePath}, class {i}");
        }
    }

    private static int CountRight(ImageClassifier classifier)
    {
        using (classifier)
            return s_pictures.Count(picture => classifier.Classify(picture.ImagePath).PredictedLabel == picture.Label);
    }
}
