using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Formats.Onnx;

[TestClass]
public sealed class OnnxWeightsTests
{
    [TestMethod]
    public void RequireFinite_GraphOfAnyDamage_EndsSoon()
    {
        var stack = new Sequential(TensorShape.Image(4, 4, 3)) { new Conv2D(2, 3), new Flatten(), new Dense(2, Activation.Softmax) };
        var whole = TinyModel.ToOnnx(TinyModel.Of(stack, imageSize: 4, seed: 1));
        OnnxWeights.RequireFinite(whole);
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var bytes = seed % 3 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (var flips = random.Next(1, 9); flips > 0 && bytes.Length > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                OnnxWeights.RequireFinite(bytes);
            }
            catch (Exception fault) when (fault is AlexNetException or EndOfStreamException)
            {
                // As it should be.
            }
        }
    }

    [TestMethod]
    [DataRow((byte)0xff)]
    [DataRow((byte)0x80)]
    public void RequireFinite_NumberThatDoesNotEnd_IsCutShort(byte value) => Assert.ThrowsExactly<EndOfStreamException>(
        () => OnnxWeights.RequireFinite(Enumerable.Repeat(value, 100).ToArray()));
}
