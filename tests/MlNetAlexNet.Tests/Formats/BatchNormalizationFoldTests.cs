using MlNetAlexNet.Formats;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Formats;

[TestClass]
public sealed class BatchNormalizationFoldTests
{
    // Two filters of two weights. Factors: 2 / sqrt(3 + 1) = 1 and 6 / sqrt(8 + 1) = 2.
    private static readonly Weight s_kernel = new([2, 1, 1, 2], [1, 2, 3, 4]);

    [TestMethod]
    public void Fold_TwoChannels_IsAsWorkedByHand()
    {
        var bias = new Weight([2], [10, 20]);

        var (kernel, folded) = BatchNormalizationFold.Fold(
            s_kernel, bias, gamma: [2, 6], beta: [0.5f, -1], mean: [4, 5], variance: [3, 8], epsilon: 1);

        CollectionAssert.AreEqual((int[])[2, 1, 1, 2], kernel.Dimensions.ToArray());
        CollectionAssert.AreEqual((float[])[1, 2, 6, 8], kernel.Values);
        CollectionAssert.AreEqual((int[])[2], folded.Dimensions.ToArray());
        CollectionAssert.AreEqual((float[])[(10 - 4) * 1 + 0.5f, (20 - 5) * 2 - 1], folded.Values);
        CollectionAssert.AreEqual((float[])[1, 2, 3, 4], s_kernel.Values);
    }

    [TestMethod]
    public void Fold_WithoutBiasScaleAndCentre_TakesZeroOneAndZero()
    {
        var (kernel, bias) = BatchNormalizationFold.Fold(
            s_kernel, bias: null, gamma: null, beta: null, mean: [4, 5], variance: [3, 8], epsilon: 1);

        CollectionAssert.AreEqual((float[])[0.5f, 1, 1, 4f / 3], kernel.Values);
        CollectionAssert.AreEqual((float[])[-2, -5f / 3], bias.Values);
    }

    [TestMethod]
    public void Fold_VectorOfAnotherLength_IsRefusedByName() => Assert.AreEqual(
        "The batch normalization's variance has 3 values; the layer before it has 2 outputs.",
        Assert.ThrowsExactly<AlexNetException>(() => BatchNormalizationFold.Fold(
            s_kernel, null, null, null, mean: [4, 5], variance: [3, 8, 1], epsilon: 1)).Message);
}
