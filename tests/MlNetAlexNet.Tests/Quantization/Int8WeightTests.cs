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
        var kernel = Kernel(kind, random, 3 * 32);
        RequireSameSums(Int8Weight.Quantize([3, 32], kernel), kind, seed, random);
        RequireSameSums(Int8Weight.Quantize([3, 32], kernel, patches: Smooth(random)), kind, seed, random);
    }

    // Four pixels that are always equal. The two largest weights share 127 codes, so the scale is 1. From the last on: 124 and
    // 3 are codes, 1.4 becomes 1, and the first weight takes on the 0.4 that is left: 1.8 becomes 2. Their sum is off by 0.2
    // instead of 0.8.
    [TestMethod]
    public void Quantize_PixelsThatAreAlike_LetsErrorsCancel()
    {
        float[] kernel = [1.4f, 1.4f, 3, 124];
        var patches = PatchCovariance.Create(4, [0, 100, 200, 0, 100, 200, 0, 100, 200, 0, 100, 200]);

        CollectionAssert.AreEqual((sbyte[])[1, 1, 3, 124], Int8Weight.Quantize([1, 4], kernel).Codes);
        CollectionAssert.AreEqual((sbyte[])[2, 1, 3, 124], Int8Weight.Quantize([1, 4], kernel, patches: patches).Codes);
    }

    [TestMethod]
    public void Quantize_PixelsThatNeverChange_RoundsEachWeight()
    {
        float[] kernel = [1.4f, 1.4f, 3, 124];
        var patches = PatchCovariance.Create(4, new float[4 * 3]);

        CollectionAssert.AreEqual((sbyte[])[1, 1, 3, 124], Int8Weight.Quantize([1, 4], kernel, patches: patches).Codes);
    }

    // A covariance of 0, of sums far above what a float counts.
    [TestMethod]
    public void Create_WhitePixelsOfManyPatches_LeavesNothingToMakeUpFor()
    {
        var white = new float[363 * 3025];
        Array.Fill(white, 255);

        var patches = PatchCovariance.Create(363, white);

        for (var i = 0; i < 363; i++)
            Assert.IsTrue(patches.FactorsAfter(i).IndexOfAnyExcept(0f) < 0, $"value {i}");
    }

    // Two values of variances 1/4 and 1/4 and a covariance of 1/4, and the least damping, 1.
    [TestMethod]
    public void Create_BrightPixelsThatHardlyVary_HasTheirCovariance()
    {
        var patches = new float[2 * 3000];
        for (var i = 0; i < patches.Length; i++)
            patches[i] = 254 + i % 2;

        Assert.AreEqual(0.2f, PatchCovariance.Create(2, patches).FactorsAfter(0)[0], 1e-6f);
    }

    [TestMethod]
    public void Quantize_NeighboursThatAreNearlyAlike_ErrsLessInSums()
    {
        var random = new Random(1);
        var kernel = Kernel("normal", random, 3 * 32);
        var patches = SmoothPatches(random, 2000);

        var plain = Error(Int8Weight.Quantize([3, 32], kernel));
        var together = Error(Int8Weight.Quantize([3, 32], kernel, patches: PatchCovariance.Create(32, patches)));

        Assert.IsLessThan(0.5 * plain, together);

        // Variance of what the sums are off by.
        double Error(Int8Weight weight)
        {
            var errors = weight.ToFloats().Zip(kernel, (is8, is32) => is8 - is32).ToArray();
            return Enumerable.Range(0, 3).Sum(channel =>
            {
                var sums = Enumerable.Range(0, 2000).Select(patch =>
                    (double)Enumerable.Range(0, 32).Sum(i => errors[channel * 32 + i] * patches[i * 2000 + patch])).ToArray();
                return sums.Sum(sum => (sum - sums.Average()) * (sum - sums.Average()));
            });
        }
    }

    private static void RequireSameSums(Int8Weight weight, string kind, int seed, Random random)
    {
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

    private static PatchCovariance Smooth(Random random) => PatchCovariance.Create(32, SmoothPatches(random, 400));

    // Values x patches; each value is near the one before it.
    private static float[] SmoothPatches(Random random, int count)
    {
        var patches = new float[32 * count];
        for (var patch = 0; patch < count; patch++)
        {
            var value = random.NextSingle() * 255;
            for (var i = 0; i < 32; i++)
                patches[i * count + patch] = value = Math.Clamp(value + (random.NextSingle() - 0.5f) * 20, 0, 255);
        }

        return patches;
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
