using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Scoring;
using MlNetAlexNet.Training.Data;
using SkiaSharp;
using Files = MlNetAlexNet.Tests.Pictures;

namespace MlNetAlexNet.Training.Tests.Data;

/// <summary>Whatever decodes a picture gives the same bytes.</summary>
[TestClass]
public sealed class OneDecoderTests : IDisposable
{
    private const int Side = ImagePreprocessing.DefaultImageSize;

    private static readonly string[] Classes = ["a", "b", "c"];

    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyList<string> _paths;
    private readonly IReadOnlyList<byte[]> _expected;

    public OneDecoderTests()
    {
        var large = Files.Photograph(700, 900, seed: 1);
        _paths =
        [
            _folder.Write("large.jpg", large),
            _folder.Write("turned.jpg", Files.WithOrientation(large, 6)),
            _folder.Write("small.jpg", Files.Photograph(80, 60, seed: 2)),
            _folder.Write("exact.jpg", Files.Photograph(Side, Side, seed: 3)),
            _folder.Write("alpha.png", Files.Flat(300, 200, new SKColor(200, 100, 50, 128), SKEncodedImageFormat.Png)),
            _folder.Write("odd.png", Files.Photograph(789, 321, seed: 4, SKEncodedImageFormat.Png)),
            _folder.Write("odd.webp", Files.Photograph(61, 61, seed: 5, SKEncodedImageFormat.Webp)),
            _folder.Write("tiny.bmp", Files.Bmp()),
            Path.Combine(Expected.Orientation, "exif-6.webp"),
            Path.Combine(Expected.Orientation, "xmp-7.png"),
        ];
        _expected = [.. _paths.Select(path => PixelDecoder.Decode(path, Side))];
    }

    private IEnumerable<LabeledImage> Labeled =>
        _paths.Select((path, i) => new LabeledImage { ImagePath = path, Label = Classes[i % Classes.Length] });

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void PixelCache_Open_HasThem()
    {
        using var pixels = PixelCache.Open(_paths, PictureForm.Default, DecodeBounds.Default, folder: null).Pixels;

        AssertExpected(_paths.Select((_, i) => pixels.Picture(i)));
    }

    [TestMethod]
    public void Calibration_Pictures_AreThey()
    {
        var options = new QuantizationOptions { Model = "", Output = "" };
        var calibration = new CalibrationPictures(options, [.. Labeled], progress: null).Decode(PictureForm.Default).ToList();

        CollectionAssert.AreEquivalent( // drawn in an order of their own
            _expected.Select(Convert.ToHexString).ToArray(), calibration.Select(Convert.ToHexString).ToArray());
    }

    [TestMethod]
    public void LoadPixels_Rows_HaveThem()
    {
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable(Labeled);
        var model = ml.Transforms.LoadPixels(Side).Fit(view);
        using var engine = ml.Model.CreatePredictionEngine<LabeledImage, PixelsRow>(model);

        AssertExpected(model.Transform(view).GetColumn<byte[]>("Pixels"));
        AssertExpected(Labeled.Select(image => engine.Predict(image).Pixels));
    }

    // What the classifier decodes shows in the scores of a network that no byte leaves as they are.
    [TestMethod]
    public void ImageClassifierAndEvaluation_OfFilesStreamsAndImages_ScoreThem()
    {
        var model = Sensitive();
        using var graph = OnnxExport.Create(model);
        using var alone = new ScoringSession(graph.ToArray(), Environment.ProcessorCount);
        using var many = new ScoringSession(graph.ToArray());
        using var classifier = ImageClassifier.Load(model);
        var expected = _expected.Select(Score).ToArray();
        var together = many.Score([.. _expected.SelectMany(pixels => pixels)], _paths.Count);
        foreach (var (pixels, score) in _expected.Zip(expected))
        {
            pixels[^1] ^= 1;
            CollectionAssert.AreNotEqual(score, Score(pixels), "The network would not notice another byte.");
        }

        for (var i = 0; i < _paths.Count; i++)
        {
            using var stream = File.OpenRead(_paths[i]);
            using var image = PixelDecoder.DecodeImage(_paths[i]);
            CollectionAssert.AreEqual(expected[i], classifier.Classify(_paths[i]).Score, _paths[i]);
            CollectionAssert.AreEqual(expected[i], classifier.Classify(stream).Score, _paths[i]);
            if (Math.Min(image.Width, image.Height) * 6 / 8 < Side) // else the file is decoded at a fraction
                CollectionAssert.AreEqual(expected[i], classifier.Classify(image).Score, _paths[i]);
        }

        foreach (var (path, prediction, wanted) in _paths.Zip(classifier.ClassifyMany(_paths), together))
            CollectionAssert.AreEqual(wanted.Score, prediction.Score, path);

        var logLoss = Labeled.Zip(
            together, (image, wanted) => -Math.Log(wanted.Score[Array.IndexOf(Classes, image.Label)]));
        Assert.AreEqual(logLoss.Average(), ModelEvaluation.Evaluate(classifier, [.. Labeled]).Metrics.LogLoss, 1e-9);

        float[] Score(byte[] pixels) => alone.Score(pixels, 1)[0].Score;
    }

    private static TrainedModel Sensitive()
    {
        var plan = new Sequential(TensorShape.Image(Side, Side, 3))
        {
            new Flatten(),
            new Dense(Classes.Length, Activation.Softmax),
        }.Plan();
        var random = new Random(1);
        var kernel = new float[Classes.Length * 3 * Side * Side];
        for (var i = 0; i < kernel.Length; i++)
            kernel[i] = random.NextSingle() < 0.5f ? -0.002f : 0.002f;

        var weights = new WeightSet(
        [
            new("dense_1/kernel", new Weight([Classes.Length, 3 * Side * Side], kernel)),
            new("dense_1/bias", new Weight([Classes.Length], new float[Classes.Length])),
        ]);
        var preprocessing = new ImagePreprocessing(Side, [128, 128, 128], [60, 60, 60]);
        return new TrainedModel(plan, weights, preprocessing, Classes, topK: 2);
    }

    private void AssertExpected(IEnumerable<byte[]> actual)
    {
        var all = actual.ToList();
        Assert.HasCount(_expected.Count, all);
        foreach (var (expected, pixels, path) in _expected.Zip(all, _paths))
            CollectionAssert.AreEqual(expected, pixels, path);
    }

    private sealed class PixelsRow
    {
        [VectorType(Side, Side, 3)]
        public byte[] Pixels { get; set; } = [];
    }
}
