using MlNetAlexNet.Quantization;

namespace MlNetAlexNet.Tests.Quantization;

[TestClass]
public class Int8WeightTests
{
    public static IEnumerable<object[]> Kernels() =>
        from seed in Enumerable.Range(1, 20)
        from kind in (string[])["normal", "equal", "positive", "outlier", "zero"]
        select new object[] { kind, seed };

    [TestMethod]
    [DynamicData(nameof(Kernels))]
    public void Of_AnyKernel_SumsTheSameWithSaturatingPairs(string kind, int seed)
    {
        var random = new Random(seed);
        var weight = Int8Weight.Quantize([3, 32], Kernel(kind, random, 3 * 32));
        for (var channel = 0; channel < 3; channel++)
        {
            // Pairs meet as the kernel is packed, which differs: any order must do.
            var codes = weight.Codes.AsSpan(channel * 32, 32).ToArray();
            foreach (var order in (sbyte[][])[codes, [.. codes.Order()], Shuffle(codes, random)])
            {
                foreach (var activations in (byte[][])[Full(32), Random(32, random)])
                    Assert.AreEqual(Exact(activations, order), Saturating(activations, order), $"{kind}, seed {seed}");
            }
        }
    }

    [TestMethod]
    public void Of_PlainEightBits_WouldSaturate() // so the test above can fail
    {
        sbyte[] codes = [127, 127];

        Assert.AreEqual(64_770, Exact(Full(2), codes));
        Assert.AreEqual(32_767, Saturating(Full(2), codes));
    }

    [TestMethod]
    [DynamicData(nameof(Kernels))]
    public void Of_AnyKernel_IsWithinHalfAStep(string kind, int seed)
    {
        var kernel = Kernel(kind, new Random(seed), 96);

        var weight = Int8Weight.Quantize([3, 32], kernel);

        for (var i = 0; i < kernel.Length; i++)
            Assert.AreEqual(kernel[i], weight.Codes[i] * weight.Scales[i / 32], weight.Scales[i / 32] * 0.5001);
    }

    [TestMethod]
    public void Of_OneWeightThatStandsOut_KeepsAlmostEightBits()
    {
        var weight = Int8Weight.Quantize([1, 3], [-1f, 0.01f, -0.01f]);

        Assert.AreEqual(-126, weight.Codes[0]); // with its like, -0.01, it shares 127 steps
        Assert.AreEqual(1, weight.Codes[1]);
    }

    private static float[] Kernel(string kind, Random random, int length)
    {
        var kernel = new float[length];
        for (var i = 0; i < length; i++)
        {
            kernel[i] = kind switch
            {
                "equal" => 0.25f,
                "positive" => random.NextSingle(),
                "outlier" => i % 32 == 7 ? -3 : (random.NextSingle() - 0.5f) / 10,
                "zero" => 0,
                _ => Enumerable.Range(0, 12).Sum(_ => random.NextSingle()) - 6,
            };
        }

        return kernel;
    }

    private static byte[] Full(int length) => [.. Enumerable.Repeat(byte.MaxValue, length)];

    private static byte[] Random(int length, Random random)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static sbyte[] Shuffle(sbyte[] codes, Random random)
    {
        var copy = (sbyte[])codes.Clone();
        random.Shuffle(copy);
        return copy;
    }

    private static int Exact(byte[] activations, sbyte[] codes) => activations.Zip(codes, (a, w) => a * w).Sum();

    // vpmaddubsw: products of neighbours are added in 16 bits with saturation; then pairs are added in 32.
    private static int Saturating(byte[] activations, sbyte[] codes) => Enumerable.Range(0, codes.Length / 2).Sum(pair =>
        Math.Clamp(
            activations[2 * pair] * codes[2 * pair] + activations[2 * pair + 1] * codes[2 * pair + 1],
            short.MinValue,
            short.MaxValue));
}
