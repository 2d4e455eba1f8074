using MlNetAlexNet.Layers;
using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class ResponseNormalizationTests
{
    // Krizhevsky 2012, section 3.3, by hand for two places of three channels, (100, 0), (200, 10), (50, 20), with n = 3:
    // sums of squares 100^2 + 200^2 = 50000, + 50^2 = 52500, 200^2 + 50^2 = 42500, and 100, 500, 500.
    [TestMethod]
    public void Apply_ThreeChannels_IsAsWorkedByHand()
    {
        using var scope = NewDisposeScope();
        var x = tensor((float[])[100, 0, 200, 10, 50, 20]).reshape(1, 3, 1, 2);

        var result = ResponseNormalization.Apply(new LocalResponseNormalization(size: 3), x).data<float>().ToArray();

        double[] expected =
        [
            100 / Math.Pow(7, 0.75), 0,
            200 / Math.Pow(7.25, 0.75), 10 / Math.Pow(2.05, 0.75),
            50 / Math.Pow(6.25, 0.75), 20 / Math.Pow(2.05, 0.75),
        ];
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], result[i], 1e-4, $"value {i}");
        }
    }

    // Torch's alpha is divided by the size.
    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    [DataRow(9)]
    public void Apply_RandomValues_EqualsTorchsOwn(int size)
    {
        using var scope = NewDisposeScope();
        using var seeded = new Generator(7);
        var x = rand([2, 7, 5, 4], generator: seeded) * 20;

        var ours = ResponseNormalization.Apply(new LocalResponseNormalization(size, 0.01, 0.6, 1.5), x);
        var torchs = functional.local_response_norm(x, size, 0.01 * size, 0.6, 1.5);

        Assert.IsLessThan(1e-5, ((ours - torchs).abs().max() / torchs.abs().max()).item<float>());
    }

    [TestMethod]
    public void Apply_BFloat16_IsCloseToFloat32()
    {
        using var scope = NewDisposeScope();
        using var seeded = new Generator(7);
        var x = rand([2, 8, 5, 4], generator: seeded) * 20;
        var layer = new LocalResponseNormalization(alpha: 0.01);

        var exact = ResponseNormalization.Apply(layer, x);
        var rounded = ResponseNormalization.Apply(layer, x.to(ScalarType.BFloat16));

        Assert.AreEqual(ScalarType.BFloat16, rounded.dtype);
        Assert.IsLessThan(0.02, ((exact - rounded.to(ScalarType.Float32)) / exact).abs().max().item<float>());
    }
}
