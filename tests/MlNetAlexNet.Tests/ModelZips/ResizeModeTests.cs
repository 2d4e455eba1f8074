using Microsoft.ML;
using Microsoft.ML.Transforms.Image;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Scoring;
using SkiaSharp;

namespace MlNetAlexNet.Tests.ModelZips;

/// <summary>
/// How a picture becomes a square is part of a model wherever it goes. The network says how blue a square is on the mean;
/// the picture is 32 x 8 pixels, red but for the 8 x 8 in its middle.
/// </summary>
[TestClass]
public sealed class ResizeModeTests : IDisposable
{
    private const int Side = 8;

    private readonly TemporaryFolder _folder = new();
    private readonly string _picture;

    public ResizeModeTests() => _picture = _folder.Write("a.png", Striped());

    public void Dispose() => _folder.Dispose();

    /// <summary>The mean of blue by hand: all, a quarter of the columns, and those in a quarter of the rows.</summary>
    public static IEnumerable<object[]> Modes =>
    [
        [ImageResizeMode.Crop, 255.0],
        [ImageResizeMode.Squash, 255.0 / 4],
        [ImageResizeMode.Pad, 255.0 / 16],
    ];

    [TestMethod]
    [DynamicData(nameof(Modes))]
    public void ModelZip_OfEachMode_ScoresAndComesBackSo(ImageResizeMode mode, double blue)
    {
        var zip = Path.Combine(_folder.Path, "model.zip");

        ModelFile.Write(Model(mode), zip);

        Assert.AreEqual(mode, ModelZip.Read(zip).Preprocessing.ResizeMode);
        AssertBlue(blue, ImageClassifier.Load(zip));
        AssertBlue(blue, Stock(zip));
    }

    [TestMethod]
    [DynamicData(nameof(Modes))]
    public void Onnx_WrittenOrCopiedOutOfAZip_HoldsTheMode(ImageResizeMode mode, double blue)
    {
        var (zip, onnx, copy) = (Path.Combine(_folder.Path, "a.zip"), Path.Combine(_folder.Path, "a.onnx"), Path.Combine(_folder.Path, "b.onnx"));
        ModelFile.Write(Model(mode), zip);
        ModelFile.Write(Model(mode), onnx);
        Assert.IsTrue(ModelFile.TryCopyNetwork(zip, copy));

        foreach (var file in (string[])[onnx, copy])
        {
            Assert.AreEqual(mode, ModelFile.Read(file).Model.Preprocessing.ResizeMode);
            AssertBlue(blue, ImageClassifier.Open(file, options: null, out _));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Modes))]
    public void Quantize_OfEachMode_CalibratesAndScoresSo(ImageResizeMode mode, double blue)
    {
        var (zip, int8) = (Path.Combine(_folder.Path, "model.zip"), Path.Combine(_folder.Path, "int8.zip"));
        ModelFile.Write(Model(mode), zip);
        var calibrated = new List<byte[]>();

        ModelQuantization.Quantize(zip, form =>
        {
            calibrated.Add(PixelDecoder.Decode(_picture, form.Side, form.Mode));
            return calibrated;
        }, int8, progress: null, default);

        CollectionAssert.AreEqual(PixelDecoder.Decode(_picture, Side, mode), calibrated.Single());
        AssertBlue(blue, ImageClassifier.Load(int8));
        AssertBlue(blue, Stock(int8));
    }

    // The trainer cannot see how the pictures of such a pipeline became squares; its zip says it.
    [TestMethod]
    public void ModelZip_OfStagesOfTheUsersOwn_HasTheirMode()
    {
        var zip = SaveOwnStages(ImageResizingEstimator.ResizingKind.IsoPad);

        Assert.AreEqual(ImageResizeMode.Pad, ModelZip.Read(zip).Preprocessing.ResizeMode);
        AssertBlue(255.0 / 16, ImageClassifier.Load(zip));
    }

    [TestMethod]
    public void TryCopyNetwork_OfStagesOfTheUsersOwn_NotesTheirMode()
    {
        var onnx = Path.Combine(_folder.Path, "copy.onnx");

        Assert.IsTrue(ModelFile.TryCopyNetwork(SaveOwnStages(ImageResizingEstimator.ResizingKind.IsoPad), onnx));

        AssertBlue(255.0 / 16, ImageClassifier.Open(onnx, options: null, out _));
        var copied = ModelFile.Read(onnx).Model;
        Assert.AreEqual(ImageResizeMode.Pad, copied.Preprocessing.ResizeMode);
        SameWeights.Assert(Model(ImageResizeMode.Crop).Weights, copied.Weights);
        CollectionAssert.AreEqual(new[] { "blue", "other" }, copied.Classes.ToArray());
    }

    // Neither of ours: what is made of such a zip would score otherwise.
    [TestMethod]
    public void ZipOfStagesThatSquashOtherwise_IsRefused()
    {
        var zip = SaveOwnStages(ImageResizingEstimator.ResizingKind.Fill);
        foreach (var act in (Action[])
            [() => ModelFile.Read(zip), () => ModelFile.TryCopyNetwork(zip, Path.Combine(_folder.Path, "copy.onnx"))])
        {
            StringAssert.Contains(
                Assert.ThrowsExactly<AlexNetException>(act).Message, $"'{zip}' cannot be read as a model");
        }

        Assert.AreEqual(ImageResizeMode.Crop, ModelZip.Read(zip).Preprocessing.ResizeMode, "the network alone, for such stages again");
    }

    private string SaveOwnStages(ImageResizingEstimator.ResizingKind kind)
    {
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable<LabeledImage>([]);
        var zip = Path.Combine(_folder.Path, "model.zip");
        using var model = ml.Transforms.LoadImages("Image", null, "ImagePath")
            .Append(ml.Transforms.ResizeImages("Image", Side, Side, "Image", kind))
            .Append(ml.Transforms.ExtractPixels("Pixels", "Image", interleavePixelColors: true, outputAsFloatArray: false))
            .Fit(view)
            .Append(ScoringChain.Create(ml, Model(ImageResizeMode.Crop)));
        ModelZip.Save(ml, model, view.Schema, zip);
        return zip;
    }

    private static TrainedModel Model(ImageResizeMode mode)
    {
        var plan = new Sequential(TensorShape.Image(Side, Side, 3)) { new Flatten(), new Dense(2, Activation.Softmax) }.Plan();
        var kernel = new float[2 * 3 * Side * Side];
        kernel.AsSpan(2 * Side * Side, Side * Side).Fill(0.02f / (Side * Side)); // of blue to the first class
        var weights = new WeightSet(
        [
            new("dense_1/kernel", new Weight([2, 3 * Side * Side], kernel)),
            new("dense_1/bias", new Weight([2], [0, 0])),
        ]);
        var preprocessing = new ImagePreprocessing(Side, [0, 0, 0], [1, 1, 1]) { ImageSize = Side, ResizeMode = mode };
        return new TrainedModel(plan, weights, preprocessing, ["blue", "other"]);
    }

    private ImagePrediction Stock(string zip)
    {
        var ml = new MLContext(seed: 1);
        using var engine = ml.Model.CreatePredictionEngine<LabeledImage, ImagePrediction>(ml.Model.Load(zip, out _));
        return engine.Predict(new LabeledImage { ImagePath = _picture });
    }

    private void AssertBlue(double mean, ImageClassifier classifier)
    {
        using (classifier)
            AssertBlue(mean, classifier.Classify(_picture));
    }

    private static void AssertBlue(double mean, ImagePrediction prediction)
    {
        var score = prediction.Score[0];
        Assert.AreEqual(mean, Math.Log(score / (1 - score)) / 0.02, 4); // borders between the colours are soft
    }

    private static byte[] Striped()
    {
        using var bitmap = new SKBitmap(4 * Side, Side);
        bitmap.Erase(SKColors.Red);
        bitmap.Erase(SKColors.Blue, SKRectI.Create(3 * Side / 2, 0, Side, Side));
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
