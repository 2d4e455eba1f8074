using Microsoft.ML;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Scoring;
using SkiaSharp;

namespace MlNetAlexNet.Tests.ModelZips;

/// <summary>
/// The views that a model scores are part of it wherever it goes. What it gives is the mean of what the model without them
/// gives for pictures that were cut and mirrored by hand.
/// </summary>
[TestClass]
public sealed class ScoringViewsTests : IDisposable
{
    private const int Side = 20;
    private const int Size = 26;

    private readonly TemporaryFolder _folder = new();
    private readonly string[] _pictures;

    public ScoringViewsTests() => _pictures =
        [.. Enumerable.Range(0, 5).Select(i => _folder.Write($"{i}.png", Encode(Noise(seed: i))))];

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<object[]> Views => [[ScoringViews.Mirrored], [ScoringViews.TenCrops]];

    [TestMethod]
    [DynamicData(nameof(Views))]
    public void ModelZip_OfSeveralViews_ScoresTheirMeanOneByOneAndTogether(ScoringViews views)
    {
        var zip = Path("model.zip");
        ModelFile.Write(Model().WithViews(views), zip);

        Assert.AreEqual(views, ModelZip.Read(zip).Preprocessing.Views);
        using var classifier = ImageClassifier.Load(zip);
        Assert.AreEqual(views, classifier.Views);
        var together = classifier.ClassifyMany(_pictures).ToList();
        var ml = new MLContext(seed: 1);
        using var engine = ml.Model.CreatePredictionEngine<LabeledImage, ImagePrediction>(ml.Model.Load(zip, out _));
        for (var i = 0; i < _pictures.Length; i++)
        {
            var expected = Mean(Model(), Noise(seed: i), views);
            AssertNear(expected, classifier.Classify(_pictures[i]));
            AssertNear(expected, together[i]);
            AssertNear(expected, engine.Predict(new LabeledImage { ImagePath = _pictures[i] }));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Views))]
    public async Task ClassifyAsync_ManyAtOnce_ScoresTheMeanOfEach(ScoringViews views)
    {
        using var classifier = ImageClassifier.Load(Model().WithViews(views));

        var predictions = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => classifier.ClassifyAsync(_pictures[i % 5])));

        for (var i = 0; i < predictions.Length; i++)
            AssertNear(Mean(Model(), Noise(seed: i % 5), views), predictions[i]);
    }

    [TestMethod]
    [DataRow("a.zip")]
    [DataRow("a.onnx")]
    [DataRow("a.pth")]
    [DataRow("a.keras")]
    [DataRow("a.safetensors")]
    [DataRow("a/model.json")]
    public void Write_EachFormatAndBack_KeepsTheViewsUnlessToldOtherwise(string name)
    {
        var path = Path(name);
        ModelFile.Write(Model().WithViews(ScoringViews.Mirrored), path);

        Assert.AreEqual(ScoringViews.Mirrored, ModelFile.Read(path).Model.Preprocessing.Views);
        AssertScores(ScoringViews.Mirrored, options: null);
        foreach (var views in Enum.GetValues<ScoringViews>())
        {
            Assert.AreEqual(views, ModelFile.Read(path, new() { Views = views }).Model.Preprocessing.Views);
            AssertScores(views, new() { Views = views });
        }

        void AssertScores(ScoringViews views, ModelFileOptions? options)
        {
            using var classifier = ImageClassifier.Open(path, options, out var assumed);
            Assert.IsEmpty(assumed);
            Assert.AreEqual(views, classifier.Views);
            AssertNear(Mean(Model(), Noise(seed: 0), views), classifier.Classify(_pictures[0]));
        }
    }

    // From which the weights do not come back.
    [TestMethod]
    [DynamicData(nameof(Views))]
    public void Int8Zip_GivenOtherViews_ScoresTheirMean(ScoringViews views)
    {
        var (zip, int8, copy, onnx) = (Path("model.zip"), Path("int8.zip"), Path("copy.zip"), Path("copy.onnx"));
        ModelFile.Write(Model(), zip);
        ModelQuantization.Quantize(zip, _pictures.Select(path => PixelDecoder.Decode(path, Size)), int8);
        using var plain = ImageClassifier.Load(int8);
        var expected = Mean(plain, Noise(seed: 0), views);

        Assert.IsTrue(ModelFile.TryCopyNetwork(int8, copy, views));
        Assert.IsTrue(ModelFile.TryCopyNetwork(copy, onnx));

        foreach (var (file, options) in ((string, ModelFileOptions?)[])[(int8, new() { Views = views }), (copy, null), (onnx, null)])
        {
            using var classifier = ImageClassifier.Open(file, options, out _);
            Assert.AreEqual(views, classifier.Views);
            AssertNear(expected, classifier.Classify(_pictures[0]));
        }

        var ml = new MLContext(seed: 1);
        using var engine = ml.Model.CreatePredictionEngine<LabeledImage, ImagePrediction>(ml.Model.Load(copy, out _));
        AssertNear(expected, engine.Predict(new LabeledImage { ImagePath = _pictures[0] }));
        Assert.IsTrue(ModelFile.TryCopyNetwork(copy, onnx, ScoringViews.Middle));
        using var back = ImageClassifier.Open(onnx, options: null, out _);
        CollectionAssert.AreEqual(plain.Classify(_pictures[0]).Score, back.Classify(_pictures[0]).Score);
    }

    [TestMethod]
    public void Quantize_AModelOfSeveralViews_KeepsThem()
    {
        var (zip, int8) = (Path("model.zip"), Path("int8.zip"));
        ModelFile.Write(Model().WithViews(ScoringViews.Mirrored), zip);

        ModelQuantization.Quantize(zip, _pictures.Select(path => PixelDecoder.Decode(path, Size)), int8);

        using var classifier = ImageClassifier.Load(int8);
        Assert.AreEqual(ScoringViews.Mirrored, classifier.Views);
        double near = 0, far = 0;
        for (var i = 0; i < _pictures.Length; i++)
        {
            var score = classifier.Classify(_pictures[i]).Score;
            near = Math.Max(near, Distance(Mean(Model(), Noise(seed: i), ScoringViews.Mirrored), score));
            far = Math.Max(far, Distance(Mean(Model(), Noise(seed: i), ScoringViews.Middle), score));
        }

        Assert.IsLessThan(0.2 * far, near);
    }

    [TestMethod]
    public void WritePlainModel_BesideAForeignFile_SaysNothingOfViews()
    {
        ModelFile.Write(Model(), Path("a.keras"));

        Assert.DoesNotContain("views", File.ReadAllText(Path("a.keras.json")));
    }

    [TestMethod]
    public void Read_ViewsThatCannotBe_IsRefused()
    {
        var path = Path("a.zip");
        ModelFile.Write(Model(), path);
        var whole = Path("whole.zip");
        var model = Model();
        ModelFile.Write(
            new TrainedModel(model.Plan, model.Weights, model.Preprocessing with { ImageSize = Side }, model.Classes), whole);

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(path, new() { Views = (ScoringViews)7 })).Message,
            "Views is 7; it must be one of Middle, Mirrored, TenCrops.");
        foreach (var act in (Action[])
            [() => ModelFile.Read(whole, new() { Views = ScoringViews.TenCrops }),
            () => ImageClassifier.Open(whole, new() { Views = ScoringViews.TenCrops }, out _),
            () => ModelFile.TryCopyNetwork(whole, path, ScoringViews.TenCrops)])
        {
            var fault = Assert.ThrowsExactly<AlexNetException>(act);
            StringAssert.Contains(fault.Message, "the crop of 20 pixels is the whole picture");
            Assert.AreEqual("Views.Mirrored", fault.Option);
        }
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.Path, name);

    private static TrainedModel Model() => TinyModel.Of(
        new(TensorShape.Image(Side, Side, 3))
        {
            new Conv2D(6, 5, strides: 2, activation: Activation.Relu), new MaxPooling2D(2), new Flatten(),
            new Dense(4, Activation.Softmax),
        },
        Size,
        seed: 4);

    private static float[] Mean(TrainedModel model, SKBitmap picture, ScoringViews views)
    {
        using var classifier = ImageClassifier.Load(model);
        return Mean(classifier, picture, views);
    }

    // Of pictures of the whole size whose middle is the view.
    private static float[] Mean(ImageClassifier plain, SKBitmap picture, ScoringViews views)
    {
        const int Middle = (Size - Side) / 2;
        (int Left, int Top)[] places = views == ScoringViews.TenCrops
            ? [(0, 0), (0, Size - Side), (Size - Side, 0), (Size - Side, Size - Side), (Middle, Middle)]
            : [(Middle, Middle)];
        var each = new List<float[]>();
        foreach (var (left, top) in places)
        {
            foreach (var isMirrored in views == ScoringViews.Middle ? (bool[])[false] : [false, true])
            {
                using var view = new SKBitmap(Size, Size);
                for (var i = 0; i < Side * Side; i++)
                {
                    var (x, y) = (i % Side, i / Side);
                    view.SetPixel(Middle + x, Middle + y, picture.GetPixel(left + (isMirrored ? Side - 1 - x : x), top + y));
                }

                each.Add(plain.Classify(new MemoryStream(Encode(view))).Score);
            }
        }

        return [.. Enumerable.Range(0, each[0].Length).Select(c => each.Average(one => one[c]))];
    }

    private static void AssertNear(float[] expected, ImagePrediction prediction)
    {
        for (var c = 0; c < expected.Length; c++)
            Assert.AreEqual(expected[c], prediction.Score[c], 2e-6);
        Assert.AreEqual(prediction.Score.Max(), prediction.TopScores[0]);
    }

    private static double Distance(float[] one, float[] other) => one.Zip(other, (a, b) => (double)Math.Abs(a - b)).Max();

    private static SKBitmap Noise(int seed)
    {
        var (random, bitmap) = (new Random(seed), new SKBitmap(Size, Size));
        for (var i = 0; i < Size * Size; i++)
            bitmap.SetPixel(i % Size, i / Size, new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
        return bitmap;
    }

    private static byte[] Encode(SKBitmap bitmap)
    {
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
