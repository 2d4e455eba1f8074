using Google.Protobuf;
using Microsoft.ML;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;
using Onnx;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Formats.Onnx;

/// <summary>8-bit networks of ONNX Runtime's quantizer, scored as they are.</summary>
[TestClass]
public sealed class KeptNetworkTests(TestContext context)
{
    // Steps of 8 bits: ONNX Runtime rounds them otherwise on processors with other instructions.
    private const double Tolerance = 2e-2;

    private static ModelFileOptions AsTorchvision => new()
    {
        Mean = [0.485f * 255, 0.456f * 255, 0.406f * 255], StandardDeviation = [0.229f * 255, 0.224f * 255, 0.225f * 255],
        ImageSize = 224,
    };

    public static IEnumerable<string> Files => ["quantized-qdq.onnx", "quantized-qoperator.onnx"];

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Open_QuantizedNetwork_ScoresAsOnnxRuntime(string file)
    {
        using var folder = new TemporaryFolder();
        var pictures = WritePictures(folder);
        using var classifier = ImageClassifier.Open(Expected.Onnx(file), AsTorchvision, out var assumed);

        var scores = classifier.ClassifyMany(pictures).SelectMany(prediction => prediction.Score).ToArray();

        AssertScores(file, scores);
        CollectionAssert.Contains(assumed.ToArray(), "the 8-bit network as it is");
    }

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void TryWrapNetwork_IntoAZipAndAnOnnxFile_ScoresTheSame(string file)
    {
        using var folder = new TemporaryFolder();
        var pictures = WritePictures(folder);
        var classes = Enumerable.Range(0, 10).Select(i => $"class {i}").ToArray();
        foreach (var target in (string[])["wrapped.zip", "wrapped.onnx"])
        {
            var path = Path.Combine(folder.Path, target);

            Assert.IsTrue(ModelFile.TryWrapNetwork(Expected.Onnx(file), path, AsTorchvision with { Classes = classes }, out _));

            using var classifier = ImageClassifier.Open(path, null, out _);
            AssertScores(file, [.. classifier.ClassifyMany(pictures).SelectMany(prediction => prediction.Score)]);
            CollectionAssert.AreEqual(classes, classifier.Classes.ToArray());
            StringAssert.Contains(
                Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(path)).Message, "quantized to 8 bits");
        }

        // Microsoft's own packages alone
        var ml = new MLContext(seed: 1);
        var model = ModelZip.Load(ml, Path.Combine(folder.Path, "wrapped.zip"));
        var data = ml.Data.LoadFromEnumerable(pictures.Select(path => new MlNetAlexNet.Images.LabeledImage { ImagePath = path, Label = "class 0" }));
        var scored = model.Transform(data);
        AssertScores(file, [.. ml.Data.CreateEnumerable<Scored>(scored, reuseRowObject: false).SelectMany(row => row.Score)]);
        (model as IDisposable)?.Dispose();
    }

    // Written with views, or given them afterwards.
    [TestMethod]
    [DataRow("quantized-qdq.onnx", ScoringViews.Mirrored)]
    [DataRow("quantized-qoperator.onnx", ScoringViews.Mirrored)]
    [DataRow("quantized-qdq.onnx", ScoringViews.TenCrops)]
    public void Wrapped_WithViews_ScoresTheMeanOfThem(string file, ScoringViews views)
    {
        using var folder = new TemporaryFolder();
        var picture = WritePictures(folder)[0];
        var options = AsTorchvision with { ImageSize = 256 };
        var (plain, written, given, onnx) = (At("plain.zip"), At("written.zip"), At("given.zip"), At("given.onnx"));
        Assert.IsTrue(ModelFile.TryWrapNetwork(Expected.Onnx(file), plain, options, out _));
        Assert.IsTrue(ModelFile.TryWrapNetwork(Expected.Onnx(file), written, options with { Views = views }, out _));
        Assert.IsTrue(ModelFile.TryCopyNetwork(plain, given, views));
        Assert.IsTrue(ModelFile.TryCopyNetwork(plain, onnx, views));
        using var whole = ImageClassifier.Open(Expected.Onnx(file), AsTorchvision, out _);
        var each = CutByHand(picture, views).Select(view => whole.Classify(new MemoryStream(view)).Score).ToArray();
        var mean = Enumerable.Range(0, 10).Select(c => each.Average(one => (double)one[c])).ToArray();

        foreach (var (path, said) in ((string, ModelFileOptions?)[])
            [(written, null), (given, null), (onnx, null), (plain, new() { Views = views }), (Expected.Onnx(file), options with { Views = views })])
        {
            using var classifier = ImageClassifier.Open(path, said, out _);
            Assert.AreEqual(views, classifier.Views);
            var score = classifier.Classify(picture).Score;
            for (var c = 0; c < mean.Length; c++)
                Assert.AreEqual(mean[c], score[c], 1e-6, $"{path}, class {c}");
        }

        string At(string name) => Path.Combine(folder.Path, name);
    }

    [TestMethod]
    [DataRow(1, false)]
    [DataRow(3, true)]
    public void Open_QuantizedForSoManyPictures_ScoresAnyNumber(long pictures, bool isOfANode)
    {
        using var folder = new TemporaryFolder();
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Expected.Onnx("quantized-qdq.onnx")));
        model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new TensorShapeProto.Types.Dimension { DimValue = pictures };
        var shape = model.Graph.Initializer.Single(tensor => tensor.Name == "val_61");
        shape.RawData = ByteString.CopyFrom([.. BitConverter.GetBytes(pictures), .. BitConverter.GetBytes(576L)]);
        if (isOfANode)
        {
            model.Graph.Initializer.Remove(shape);
            model.Graph.Node.Insert(0, new NodeProto
            {
                OpType = "Constant", Output = { "val_61" },
                Attribute = { new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = shape } },
            });
        }

        foreach (var node in model.Graph.Node.Where(node => node.OpType == "Reshape"))
            node.Attribute.Clear();
        using var classifier = ImageClassifier.Open(folder.Write("one.onnx", model.ToByteArray()), AsTorchvision, out _);

        AssertScores("quantized-qdq.onnx", [.. classifier.ClassifyMany(WritePictures(folder)).SelectMany(prediction => prediction.Score)]);
    }

    [TestMethod]
    public void Open_QuantizedWithASoftmax_GivesItsProbabilities()
    {
        using var folder = new TemporaryFolder();
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Expected.Onnx("quantized-qdq.onnx")));
        model.Graph.Node.Add(new NodeProto { OpType = "Softmax", Input = { "logits" }, Output = { "probabilities" } });
        model.Graph.Output[0].Name = "probabilities";
        using var classifier = ImageClassifier.Open(folder.Write("softmax.onnx", model.ToByteArray()), AsTorchvision, out _);

        AssertScores("quantized-qdq.onnx", [.. classifier.ClassifyMany(WritePictures(folder)).SelectMany(prediction => prediction.Score)]);
    }

    // As what TensorFlow's converter makes of Keras' Rescaling: of which values, 8 bits do not tell.
    [TestMethod]
    public void Open_QuantizedThatScalesItself_AsksForTheValues()
    {
        using var folder = new TemporaryFolder();
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Expected.Onnx("quantized-qdq.onnx")));
        var input = model.Graph.Input[0].Name;
        foreach (var node in model.Graph.Node.Where(node => node.Input.Contains(input)))
            node.Input[node.Input.IndexOf(input)] = "normal";
        Prepend("Sub", input, "centred", AsTorchvision.Mean!);
        Prepend("Div", "centred", "normal", AsTorchvision.StandardDeviation!);
        var path = folder.Write("scaled.onnx", model.ToByteArray());

        foreach (var options in (ModelFileOptions[])[AsTorchvision with { Mean = null }, new()])
        {
            var fault = Assert.ThrowsExactly<AlexNetException>(() => ImageClassifier.Open(path, options, out _));
            StringAssert.Contains(fault.Message, $"'{path}' cannot be read as a classifier of pictures: its node 'centred' (Sub) scales");
        }

        using var classifier = ImageClassifier.Open(path, AsTorchvision with { Mean = [0], StandardDeviation = [1] }, out _);
        AssertScores("quantized-qdq.onnx", [.. classifier.ClassifyMany(WritePictures(folder)).SelectMany(prediction => prediction.Score)]);

        void Prepend(string operation, string value, string output, IReadOnlyList<float> numbers)
        {
            model.Graph.Initializer.Add(new TensorProto
            {
                Name = $"{output}_numbers", DataType = 1, Dims = { 1, 3, 1, 1 }, FloatData = { numbers },
            });
            model.Graph.Node.Insert(operation == "Sub" ? 0 : 1, new NodeProto
            {
                OpType = operation, Input = { value, $"{output}_numbers" }, Output = { output },
            });
        }
    }

    [TestMethod]
    public void Read_QuantizedNetwork_IsRefusedWithWhatToDo()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => OnnxFile.Read(Expected.Onnx("quantized-qdq.onnx"))).Message, "scored as it is");
        using var folder = new TemporaryFolder();
        Assert.IsFalse(ModelFile.TryWrapNetwork(
            Expected.Onnx("quantized-qdq.onnx"), Path.Combine(folder.Path, "a.pth"), AsTorchvision, out _));
        Assert.IsFalse(ModelFile.TryWrapNetwork(
            Expected.Torch("export.onnx"), Path.Combine(folder.Path, "a.zip"), AsTorchvision, out _));
    }

    public static IEnumerable<object[]> Changes =>
    [
        [(Action<ModelProto>)(model => model.Graph.Input[0].Type.TensorType.Shape.Dim[2] = new() { DimParam = "height" }), "'height'"],
        [(Action<ModelProto>)(model => model.Graph.Input[0].Type.TensorType.ElemType = 2), "32-bit numbers"],
        [(Action<ModelProto>)(model => model.Graph.Output[0].Type.TensorType.Shape.Dim[1] = new() { DimValue = 1L << 40 }), "'logits'"],
        [(Action<ModelProto>)(model => model.Graph.Output.Add(model.Graph.Output[0].Clone())), "2 outputs"],
        [(Action<ModelProto>)(model => model.OpsetImport[0].Version = 10), "version 10"],
        [(Action<ModelProto>)(model => model.Graph.Node[^1].OpType = "Sigmoid"), "Sigmoid"],
        [(Action<ModelProto>)(model => model.Graph.Node[20].OpType = "NoSuchOperator"), "NoSuchOperator"],
        [(Action<ModelProto>)(model => model.Graph.Initializer.Single(tensor => tensor.Name == "val_61").RawData =
            ByteString.CopyFrom([.. BitConverter.GetBytes(7L), .. BitConverter.GetBytes(576L)])), "Reshape"],
    ];

    [TestMethod]
    [DynamicData(nameof(Changes))]
    public void Open_QuantizedNetworkThatIsNoClassifier_IsRefused(object change, string reason)
    {
        using var folder = new TemporaryFolder();
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Expected.Onnx("quantized-qdq.onnx")));
        ((Action<ModelProto>)change)(model);
        var path = folder.Write("a.onnx", model.ToByteArray());

        var zip = Path.Combine(folder.Path, "a.zip");
        foreach (var act in (Action[])
            [() => ImageClassifier.Open(path, AsTorchvision, out _), () => ModelFile.TryWrapNetwork(path, zip, AsTorchvision, out _)])
        {
            var fault = Assert.ThrowsExactly<AlexNetException>(act);
            StringAssert.Contains(fault.Message, reason);
            StringAssert.Contains(fault.Message, $"'{path}'");
            Assert.IsFalse(File.Exists(zip));
        }
    }

    private void AssertScores(string file, float[] scores)
    {
        var expected = ForeignNetworks.Softmax(NpyFile.Read(Expected.Onnx(Path.ChangeExtension(file, ".y.npy"))).Floats);
        var largest = TorchNetworks.LargestDifference(scores, expected);
        context.WriteLine(FormattableString.Invariant($"{file}: largest difference {largest:e1}"));
        Assert.IsLessThan(Tolerance, largest);
        CollectionAssert.AreEqual(Best(expected), Best(scores));

        static int[] Best(float[] rows) => [.. rows.Chunk(10).Select(row => Array.IndexOf(row, row.Max()))];
    }

    private static IEnumerable<byte[]> CutByHand(string path, ScoringViews views)
    {
        using var picture = new SKBitmap(256, 256);
        var pixels = MlNetAlexNet.Images.PixelDecoder.Decode(path, 256);
        for (var p = 0; p < 256 * 256; p++)
            picture.SetPixel(p % 256, p / 256, new SKColor(pixels[3 * p], pixels[3 * p + 1], pixels[3 * p + 2]));
        (int Left, int Top)[] places = views == ScoringViews.Mirrored ? [(16, 16)] : [(0, 0), (0, 32), (32, 0), (32, 32), (16, 16)];
        foreach (var (left, top) in places)
        {
            foreach (var isMirrored in (bool[])[false, true])
            {
                using var view = new SKBitmap(224, 224);
                for (var p = 0; p < 224 * 224; p++)
                {
                    var (x, y) = (p % 224, p / 224);
                    view.SetPixel(x, y, picture.GetPixel(left + (isMirrored ? 223 - x : x), top + y));
                }

                using var png = view.Encode(SKEncodedImageFormat.Png, 100);
                yield return png.ToArray();
            }
        }
    }

    private static string[] WritePictures(TemporaryFolder folder)
    {
        var pictures = NpyFile.Read(Expected.Torch("x224b.npy"));
        return [.. pictures.Bytes.Chunk(224 * 224 * 3).Select((pixels, i) =>
        {
            using var bitmap = new SKBitmap(224, 224, SKColorType.Rgba8888, SKAlphaType.Opaque);
            for (var p = 0; p < 224 * 224; p++)
                bitmap.SetPixel(p % 224, p / 224, new SKColor(pixels[3 * p], pixels[3 * p + 1], pixels[3 * p + 2]));
            using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            return folder.Write($"{i}.png", png.ToArray());
        })];
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
