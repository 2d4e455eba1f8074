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
/// A mean image is part of a model wherever it goes. The pictures are nowhere darker than it, so that the difference is a
/// picture, too: the same network without one, and with a mean of 0, gives the same for that.
/// </summary>
[TestClass]
public sealed class MeanImageTests : IDisposable
{
    private const int Side = 20;
    private const int Size = 25;

    private readonly TemporaryFolder _folder = new();
    private readonly string _picture;

    public MeanImageTests() => _picture = _folder.Write("picture.png", Encode((x, y, _) => 101 + Noise(x, y)));

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<object[]> Cases =>
        from name in (string[])["a.zip", "a.onnx", "a.pth", "a.keras", "a.weights.h5", "a/model.json"]
        from channels in (int[])[1, 3]
        from views in Enum.GetValues<ScoringViews>()
        where views == ScoringViews.Mirrored || name == "a.zip"
        select (object[])[name, channels, views];

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Write_EachFormatAndBack_SubtractsIt(string name, int channels, ScoringViews views)
    {
        var path = Path(name);
        ModelFile.Write(Model(channels).WithViews(views), path);

        var read = ModelFile.Read(path);

        Assert.IsEmpty(read.Assumed);
        CollectionAssert.AreEqual(Image(channels), read.Model.Preprocessing.MeanImage!.ToArray());
        CollectionAssert.AreEqual(Model(channels).Preprocessing.Mean.ToArray(), read.Model.Preprocessing.Mean.ToArray());
        using var classifier = ImageClassifier.Open(path, options: null, out _);
        AssertNear(Expected(channels, views), classifier.Classify(_picture));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void ModelZip_WithAMeanImage_ScoresTheSameInMlNet(int channels)
    {
        var (zip, ml) = (Path("model.zip"), new MLContext(seed: 1));
        ModelFile.Write(Model(channels).WithViews(ScoringViews.TenCrops), zip);

        using var engine = ml.Model.CreatePredictionEngine<LabeledImage, ImagePrediction>(ml.Model.Load(zip, out _));

        AssertNear(Expected(channels, ScoringViews.TenCrops), engine.Predict(new LabeledImage { ImagePath = _picture }));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Quantize_WithAMeanImage_ScoresNearlyTheSame(int channels)
    {
        var (zip, int8) = (Path("model.zip"), Path("int8.zip"));
        ModelFile.Write(Model(channels), zip);

        ModelQuantization.Quantize(zip, [PixelDecoder.Decode(_picture, Size)], int8);

        using var classifier = ImageClassifier.Load(int8);
        var score = classifier.Classify(_picture).Score;
        using var without = ImageClassifier.Load(Without(Model(channels), ScoringViews.Middle));
        var (near, far) = (Distance(Expected(channels, ScoringViews.Middle), score), Distance(without.Classify(_picture).Score, score));
        Assert.IsLessThan(0.1 * far, near);
    }

    // Someone who says another mean does not want the image.
    [TestMethod]
    [DataRow("a.zip")]
    [DataRow("a.pth")]
    public void Read_WithAMeanOfTheUsersOwn_LeavesItOut(string name)
    {
        var path = Path(name);
        ModelFile.Write(Model(3), path);

        var pictures = ModelFile.Read(path, new() { Mean = [10, 20, 30] }).Model.Preprocessing;

        Assert.IsNull(pictures.MeanImage);
        CollectionAssert.AreEqual(new float[] { 10, 20, 30 }, pictures.Mean.ToArray());
    }

    [TestMethod]
    public void MeanImage_ThatDoesNotFit_IsRefused()
    {
        var (zip, model) = (Path("a.zip"), Model(3));
        ModelFile.Write(model, zip);

        foreach (var act in (Action[])
            [() => ModelFile.Read(zip, new() { ImageSize = 30 }), () => With(new float[7]), () => With([.. Image(3)[1..], float.NaN])])
        {
            StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(act).Message, "finite ones, one for each pixel of the square");
        }

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Write(model, Path("a.keras"), embedNormalization: true)).Message,
            "The model subtracts a mean image");

        TrainedModel With(float[] image) =>
            new(model.Plan, model.Weights, model.Preprocessing with { MeanImage = image }, model.Classes);
    }

    [TestMethod]
    public void Read_MeanImageBesideAFileThatIsCutShort_IsRefused()
    {
        var path = Path("a.pth");
        ModelFile.Write(Model(3), path);
        var beside = File.ReadAllText($"{path}.json");
        var start = beside.IndexOf("\"meanImage\": \"", StringComparison.Ordinal) + 14;
        foreach (var kept in (int[])[4, 400]) // 3 bytes, and 300
        {
            File.WriteAllText($"{path}.json", beside[..(start + kept)] + beside[beside.IndexOf('"', start)..]);
            StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(path)).Message, "MeanImage");
        }
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.Path, name);

    private static float[] Expected(int channels, ScoringViews views)
    {
        var model = Model(channels);
        using var classifier = ImageClassifier.Load(Without(model, views));
        return classifier.Classify(new MemoryStream(Encode((x, y, c) => 101 + Noise(x, y) - Mean(x, y, channels == 1 ? 0 : c)))).Score;
    }

    private static TrainedModel Without(TrainedModel model, ScoringViews views) => new(
        model.Plan,
        model.Weights,
        model.Preprocessing with { MeanImage = null, Mean = new float[model.Preprocessing.Mean.Count], Views = views },
        model.Classes);

    private static double Distance(float[] one, float[] other) => one.Zip(other, (a, b) => (double)Math.Abs(a - b)).Max();

    private static TrainedModel Model(int channels)
    {
        var model = TinyModel.Of(
            new(TensorShape.Image(Side, Side, channels))
            {
                new Conv2D(6, 5, strides: 2, activation: Activation.Relu), new MaxPooling2D(2), new Flatten(),
                new Dense(4, Activation.Softmax),
            },
            Size,
            seed: 4);
        return new TrainedModel(model.Plan, model.Weights, model.Preprocessing.WithMeanImage(Image(channels)), model.Classes);
    }

    // Of grey pictures, whose grey value is that of each colour.
    private static int Noise(int x, int y) => (x * 37 + y * 71 + x * y * 13) % 100;

    private static int Mean(int x, int y, int c) => (x * 5 + y * 3 + 17 * c) % 100;

    private static float[] Image(int channels) =>
    [
        .. from c in Enumerable.Range(0, channels)
           from y in Enumerable.Range(0, Size)
           from x in Enumerable.Range(0, Size)
           select (float)Mean(x, y, c),
    ];

    private static void AssertNear(float[] expected, ImagePrediction prediction)
    {
        for (var c = 0; c < expected.Length; c++)
            Assert.AreEqual(expected[c], prediction.Score[c], 1e-6);
    }

    private static byte[] Encode(Func<int, int, int, int> value)
    {
        using var bitmap = new SKBitmap(Size, Size);
        for (var i = 0; i < Size * Size; i++)
        {
            var (x, y) = (i % Size, i / Size);
            bitmap.SetPixel(x, y, new SKColor((byte)value(x, y, 0), (byte)value(x, y, 1), (byte)value(x, y, 2)));
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
