using MlNetAlexNet.Training.Engine;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class BatchMixingTests
{
    private const int Side = 8;

    [TestMethod]
    public void Draw_NothingToMix_LeavesPicturesAndCostAsTheyAre()
    {
        using var scope = NewDisposeScope();
        using var loss = new ClassificationLoss([1, 1], smoothing: 0.1, CPU);
        var mixing = BatchMixing.Draw(new Augmentation(), seed: 1, step: 0, Side);
        var (pictures, logits, labels) = Batch();
        Assert.AreSame(pictures, mixing.Mix(pictures));
        Assert.AreEqual(loss.Compute(logits, labels).item<float>(), mixing.Cost(labels, of => loss.Compute(logits, of)).item<float>());
    }

    // Pictures are constant, so what is mixed says the share, and the cost must be mixed in the same one.
    [TestMethod]
    [DataRow(0.4, 0.0)]
    [DataRow(0.0, 1.0)]
    [DataRow(0.4, 1.0)]
    public void Mix_TwoPictures_MixesTheCostInTheShareOfThePixels(double mixup, double cutMix)
    {
        using var loss = new ClassificationLoss([1, 1], smoothing: 0, CPU);
        var shares = new HashSet<float>();
        var wholes = 0;
        for (var step = 0; step < 200; step++)
        {
            using var scope = NewDisposeScope();
            var (pictures, logits, labels) = Batch();
            var (own, other) = (loss.Compute(logits, labels).item<float>(), loss.Compute(logits, labels.flip(0)).item<float>());
            var mixing = BatchMixing.Draw(new Augmentation { Mixup = mixup, CutMix = cutMix }, seed: 3, step, Side);
            var mixed = mixing.Mix(pictures);
            var share = 1 - mixed[0].mean().item<float>(); // the first picture is 0, the second 1
            Assert.AreEqual(share, mixed[1].mean().item<float>(), 1e-5f);
            Assert.AreEqual(share * own + (1 - share) * other, mixing.Cost(labels, of => loss.Compute(logits, of)).item<float>(), 1e-5f);
            Assert.AreEqual(share >= 0.5 ? 0 : 1, mixing.MainLabels(labels)[0].item<long>());
            shares.Add(share);
            wholes += mixed[0].unique().output.numel() <= 1 ? 1 : 0; // one value throughout: not a patch
        }

        Assert.IsGreaterThan(mixup == 0 ? 5 : 80, shares.Count);
        Assert.IsTrue(mixup == 0 ? wholes < 60 : cutMix == 0 ? wholes == 200 : wholes is > 80 and < 150, $"{wholes}");
    }

    [TestMethod]
    public void Draw_QuarterOfTheBatches_LeavesTheOthersAsTheyAre()
    {
        var untouched = Enumerable.Range(0, 2000).Count(step =>
        {
            using var scope = NewDisposeScope();
            var pictures = Batch().Pictures;
            var augmentation = new Augmentation { Mixup = 0.4, MixingProbability = 0.25 };
            return ReferenceEquals(pictures, BatchMixing.Draw(augmentation, seed: 3, step, Side).Mix(pictures));
        });

        Assert.AreEqual(0.75, untouched / 2000.0, 0.05); // 5 standard deviations
    }

    private static (Tensor Pictures, Tensor Logits, Tensor Labels) Batch() => (
        stack([zeros(3, Side, Side), ones(3, Side, Side)]), tensor(new[,] { { 2f, 0f }, { 1f, 0.5f } }), tensor(new long[] { 0, 1 }));
}
