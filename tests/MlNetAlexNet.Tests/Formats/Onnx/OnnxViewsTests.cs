using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Quantization;
using Onnx;

namespace MlNetAlexNet.Tests.Formats.Onnx;

/// <summary>
/// A graph that scores several views of a picture, in ONNX Runtime, against the mean of what the same network without views
/// gives for squares that were cut and mirrored by hand.
/// </summary>
[TestClass]
public sealed class OnnxViewsTests
{
    private const int Side = 9;
    private const int Size = 14; // 5 pixels around: the middle crop's mirror image is none of the mirrored picture's middle

    public static IEnumerable<object[]> Cases =>
        from views in (ScoringViews[])[ScoringViews.Mirrored, ScoringViews.TenCrops]
        from channels in (int[])[1, 3]
        from pictures in (int[])[1, 3]
        select (object[])[views, channels, pictures];

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Create_SeveralViews_ScoresTheMeanOfThem(ScoringViews views, int channels, int pictures)
    {
        var model = Model(channels, views);

        AssertMean(TinyModel.ToOnnx(model), TinyModel.ToOnnx(Whole(model)), model, pictures);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void CreateInt8_SeveralViews_ScoresTheMeanOfThem(ScoringViews views, int channels, int pictures)
    {
        var model = Model(channels, views);
        var random = new Random(3);
        var calibrated = Calibration.Measure(model, Enumerable.Range(0, 8).Select(_ => TinyModel.Pixels(model, random)));

        AssertMean(ToInt8(model), ToInt8(Whole(model)), model, pictures);

        byte[] ToInt8(TrainedModel scored) => OnnxInt8Export.Create(scored, calibrated).ToArray();
    }

    [TestMethod]
    [DataRow(ScoringViews.Mirrored)]
    [DataRow(ScoringViews.TenCrops)]
    public void Set_OtherViewsAndTheMiddleAgain_IsTheGraphAsItWas(ScoringViews views)
    {
        var plain = TinyModel.ToOnnx(Model(channels: 3, ScoringViews.Middle));
        var onnx = ModelProto.Parser.ParseFrom(plain);

        OnnxViews.Set(onnx, ScoringViews.TenCrops);
        OnnxViews.Set(onnx, views);

        CollectionAssert.AreEqual(TinyModel.ToOnnx(Model(channels: 3, views)), onnx.ToByteArray());
        OnnxViews.Set(onnx, ScoringViews.Middle);
        CollectionAssert.AreEqual(plain, onnx.ToByteArray());
        Assert.DoesNotContain("views", onnx.ToString());
    }

    [TestMethod]
    [DataRow(ScoringViews.Middle)]
    [DataRow(ScoringViews.Mirrored)]
    [DataRow(ScoringViews.TenCrops)]
    public void Import_OfThoseViews_IsTheSameModel(ScoringViews views)
    {
        var model = Model(channels: 3, views);

        var read = OnnxImport.Read(new MemoryStream(TinyModel.ToOnnx(model)));

        Assert.AreEqual(views, read.Preprocessing.Views);
        Assert.AreEqual(ModelSummary.Format(model.Plan), ModelSummary.Format(read.Plan));
        SameWeights.Assert(model.Weights, read.Weights);
        CollectionAssert.AreEqual(TinyModel.ToOnnx(model), TinyModel.ToOnnx(read));
    }

    [TestMethod]
    public void Set_TenCropsOfAWholePicture_IsRefused()
    {
        var onnx = ModelProto.Parser.ParseFrom(TinyModel.ToOnnx(Whole(Model(channels: 3, ScoringViews.Middle))));

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => OnnxViews.Set(onnx, ScoringViews.TenCrops)).Message,
            "Views is TenCrops, but the crop of 9 pixels is the whole picture");
    }

    private static void AssertMean(byte[] withViews, byte[] whole, TrainedModel model, int pictures)
    {
        var random = new Random(5);
        var pixels = Enumerable.Range(0, pictures).Select(_ => TinyModel.Pixels(model, random)).ToArray();
        var classes = model.Classes.Count;

        var (score, label) = Score(withViews, [.. pixels.SelectMany(picture => picture)], Size, pictures);

        for (var i = 0; i < pictures; i++)
        {
            var each = CutByHand(pixels[i], model.Preprocessing.Views).Select(view => Score(whole, view, Side, 1).Score).ToList();
            var mean = Enumerable.Range(0, classes).Select(c => each.Average(one => (double)one[c])).ToArray();
            for (var c = 0; c < classes; c++)
                Assert.AreEqual(mean[c], score[i * classes + c], 1e-6, $"picture {i}, class {c}");
            Assert.AreEqual(model.Classes[Array.IndexOf(mean, mean.Max())], label[i]);
        }
    }

    private static IEnumerable<byte[]> CutByHand(byte[] picture, ScoringViews views)
    {
        (int Top, int Left)[] places = views == ScoringViews.Mirrored ? [(2, 2)] : [(0, 0), (0, 5), (5, 0), (5, 5), (2, 2)];
        foreach (var (top, left) in places)
        {
            var upright = from y in Enumerable.Range(0, Side)
                          from x in Enumerable.Range(0, Side)
                          from c in Enumerable.Range(0, 3)
                          select picture[((top + y) * Size + left + x) * 3 + c];
            var mirrored = from y in Enumerable.Range(0, Side)
                           from x in Enumerable.Range(0, Side)
                           from c in Enumerable.Range(0, 3)
                           select picture[((top + y) * Size + left + Side - 1 - x) * 3 + c];
            yield return [.. upright];
            yield return [.. mirrored];
        }
    }

    private static (float[] Score, string[] Label) Score(byte[] onnx, byte[] pixels, int size, int pictures)
    {
        using var session = new InferenceSession(onnx);
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [pictures, size, size, 3]);
        using var options = new RunOptions();
        using var outputs = session.Run(options, ["Pixels"], [input], [OnnxNames.Score, OnnxNames.BestLabel]);
        return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[1].GetStringTensorAsArray());
    }

    private static TrainedModel Model(int channels, ScoringViews views) => TinyModel.Of(
        new Sequential(TensorShape.Image(Side, Side, channels))
        {
            new Conv2D(8, 3, activation: Activation.Relu), new MaxPooling2D(3, 2), new Conv2D(6, 3, padding: Padding.Same),
            new LeakyReLU(), new Flatten(), new Dropout(0.5), new Dense(4), new ActivationLayer(Activation.Softmax),
        },
        Size,
        seed: 2).WithViews(views);

    // The same network of pictures that are the crop already.
    private static TrainedModel Whole(TrainedModel model) => new(
        model.Plan, model.Weights, model.Preprocessing with { ImageSize = Side, Views = ScoringViews.Middle }, model.Classes, model.TopK);
}
