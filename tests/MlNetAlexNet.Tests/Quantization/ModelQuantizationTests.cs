using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.Quantization;

[TestClass]
public class ModelQuantizationTests
{
    [TestMethod]
    public void Quantize_ModelZip_LoadsAndPredictsTheSameInMlNet()
    {
        using var folder = new TemporaryFolder();
        var (source, target) = Quantized(folder);
        var ml = new MLContext();
        var expected = Predict(ml, source, folder);
        var predicted = Predict(ml, target, folder);

        CollectionAssert.AreEqual(expected.Select(each => each.PredictedLabel).ToArray(), predicted.Select(each => each.PredictedLabel).ToArray());
        foreach (var (a, b) in expected.Zip(predicted))
        {
            CollectionAssert.AreEqual(a.TopLabels, b.TopLabels);
            for (var i = 0; i < a.Score.Length; i++)
                Assert.AreEqual(a.Score[i], b.Score[i], 0.05f);
        }
    }

    [TestMethod]
    public void Quantize_ModelZip_KeepsEveryOtherEntryByteForByte()
    {
        using var folder = new TemporaryFolder();
        var (source, target) = Quantized(folder);

        using var old = ZipFile.OpenRead(source);
        using var zip = ZipFile.OpenRead(target);

        CollectionAssert.AreEqual(old.Entries.Select(entry => entry.FullName).ToArray(), zip.Entries.Select(entry => entry.FullName).ToArray());
        foreach (var (a, b) in old.Entries.Zip(zip.Entries).Where(pair => pair.First.Name != "OnnxModel"))
            Assert.AreEqual(a.Crc32, b.Crc32, a.FullName);
    }

    [TestMethod]
    public void Quantize_QuantizedZip_IsRefusedWithTheWayOut()
    {
        using var folder = new TemporaryFolder();
        var (_, target) = Quantized(folder);

        var fault = Assert.ThrowsExactly<AlexNetException>(() =>
            ModelQuantization.Quantize(target, [], Path.Combine(folder.Path, "twice.zip")));

        StringAssert.Contains(fault.Message, "the float32 zip it was made from");
        Assert.IsFalse(File.Exists(Path.Combine(folder.Path, "twice.zip")));
    }

    [TestMethod]
    public void Quantize_Cancelled_WritesNothing()
    {
        using var folder = new TemporaryFolder();
        var (source, _) = Quantized(folder);
        var target = Path.Combine(folder.Path, "cancelled.zip");

        Assert.ThrowsExactly<OperationCanceledException>(() =>
            ModelQuantization.Quantize(source, [new byte[256 * 256 * 3]], target, new CancellationToken(canceled: true)));

        Assert.IsFalse(File.Exists(target));
    }

    private static (string Source, string Target) Quantized(TemporaryFolder folder)
    {
        var stack = new Sequential(TensorShape.Image(16, 16, 3))
        {
            new Conv2D(6, 3, activation: Activation.Relu), new MaxPooling2D(2), new Flatten(),
            new Dense(12, Activation.Relu), new Dense(3, Activation.Softmax),
        };
        var model = TinyModel.Of(stack, ImagePreprocessing.DefaultImageSize, seed: 4);
        var pictures = ColourModel.Draw(folder.Path);
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable(pictures);
        var pixels = ml.Transforms.LoadPixels().Fit(view);
        var source = Path.Combine(folder.Path, "tiny.zip");
        ModelZip.Save(ml, pixels.Append(ScoringChain.Create(ml, model)), view.Schema, source);
        var target = Path.Combine(folder.Path, "tiny-int8.zip");
        ModelQuantization.Quantize(
            source, pixels.Transform(view).GetColumn<byte[]>("Pixels"), target);
        return (source, target);
    }

    private static List<Row> Predict(MLContext ml, string zip, TemporaryFolder folder)
    {
        var model = ml.Model.Load(zip, out _);
        using var owned = model as IDisposable;
        var images = Directory.GetFiles(folder.Path, "*.png").Order(StringComparer.Ordinal).Select(path => new ImageInput { ImagePath = path });
        var named = model.Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(model.Transform(ml.Data.LoadFromEnumerable(images))));
        return [.. ml.Data.CreateEnumerable<Row>(named.Transform(ml.Data.LoadFromEnumerable(images)), reuseRowObject: false)];
    }

    private sealed class Row
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];

        public string[] TopLabels { get; set; } = [];
    }
}
