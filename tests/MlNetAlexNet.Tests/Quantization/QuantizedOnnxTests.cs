using MlNetAlexNet.Layers;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.Quantization;

[TestClass]
public sealed class QuantizedOnnxTests
{
    [TestMethod]
    public void TryCopyNetwork_QuantizedZip_ScoresAsTheZip()
    {
        using var folder = new TemporaryFolder();
        var (zip, onnx) = (Quantized(folder), Path.Combine(folder.Path, "a.onnx"));

        Assert.IsTrue(ModelFile.TryCopyNetwork(zip, onnx));

        using var expected = ImageClassifier.Load(zip);
        using var actual = ImageClassifier.Open(onnx, options: null, out var assumed);
        var picture = ColourModel.Draw(folder.Path, "p.png", SkiaSharp.SKColors.Coral);
        CollectionAssert.AreEqual(expected.Classify(picture).Score, actual.Classify(picture).Score);
        CollectionAssert.AreEqual(expected.Classes.ToArray(), actual.Classes.ToArray());
        Assert.IsEmpty(assumed);
    }

    [TestMethod]
    public void Read_QuantizedOnnx_IsRefusedWithTheReason()
    {
        using var folder = new TemporaryFolder();
        var onnx = Path.Combine(folder.Path, "a.onnx");
        ModelFile.TryCopyNetwork(Quantized(folder), onnx);

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(onnx)).Message, "quantized to 8 bits");
    }

    [TestMethod]
    public void Open_QuantizedOnnxDamaged_IsRefusedOrScores()
    {
        using var folder = new TemporaryFolder();
        var onnx = Path.Combine(folder.Path, "a.onnx");
        ModelFile.TryCopyNetwork(Quantized(folder), onnx);
        var whole = File.ReadAllBytes(onnx);
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var bytes = seed % 3 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (var flips = random.Next(1, 6); flips > 0 && bytes.Length > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(onnx, bytes);
            try
            {
                ImageClassifier.Open(onnx, options: null, out _).Dispose();
            }
            catch (Exception fault) when (fault is not AlexNetException)
            {
                Assert.Fail($"seed {seed}: {fault}");
            }
            catch (AlexNetException)
            {
            }
        }
    }

    private static string Quantized(TemporaryFolder folder)
    {
        var stack = new Sequential(TensorShape.Image(16, 16, 3))
        {
            new Conv2D(6, 3, activation: Activation.Relu), new MaxPooling2D(2), new Flatten(),
            new Dense(12, Activation.Relu), new Dense(3, Activation.Softmax),
        };
        var model = TinyModel.Of(stack, imageSize: 16, seed: 4);
        var (zip, target) = (Path.Combine(folder.Path, "a.zip"), Path.Combine(folder.Path, "a-int8.zip"));
        ModelFile.Write(model, zip);
        ModelQuantization.Quantize(zip, [TinyModel.Pixels(model, new Random(1))], target);
        return target;
    }
}
