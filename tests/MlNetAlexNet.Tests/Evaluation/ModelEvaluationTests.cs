using MlNetAlexNet.Evaluation;

namespace MlNetAlexNet.Tests.Evaluation;

[TestClass]
public sealed class ModelEvaluationTests
{
    private static readonly string[] Seven = ["a", "b", "c", "d", "e", "f", "g"];

    [TestMethod]
    public void Of_ThreePictures_CountsByHand()
    {
        var metrics = Metrics.Count(["cat", "dog"], [(0, [0.8f, 0.2f]), (0, [0.25f, 0.75f]), (1, [0.5f, 0.5f])]);

        Assert.AreEqual(3, metrics.Pictures);
        Assert.AreEqual(1, metrics.Correct);
        Assert.AreEqual(1 / 3.0, metrics.Top1);
        Assert.AreEqual(1.0, metrics.Top5);
        Assert.AreEqual(-(Math.Log(0.8) + Math.Log(0.25) + Math.Log(0.5)) / 3, metrics.LogLoss, 1e-7);
        Assert.AreEqual(new ClassMetrics("cat", 2, Precision: 0.5, Recall: 0.5), metrics.Classes[0]);
        Assert.AreEqual(new ClassMetrics("dog", 1, Precision: 0, Recall: 0), metrics.Classes[1]);
    }

    [TestMethod]
    public void Of_TrueClassFifthAndSixth_OnlyTheFifthIsAmongTheTopFive()
    {
        float[] falling = [0.3f, 0.2f, 0.15f, 0.12f, 0.1f, 0.08f, 0.05f];

        Assert.AreEqual(0.5, Metrics.Count(Seven, [(4, falling), (5, falling)]).Top5);
    }

    [TestMethod]
    public void Of_ClassWithoutPicturesAndPredictions_StaysFinite()
    {
        var metrics = Metrics.Count(["cat", "dog", "owl"], [(0, [1, 0, 0]), (1, [1, 0, 0])]);

        Assert.AreEqual(new ClassMetrics("owl", 0, 0, 0), metrics.Classes[2]);
        Assert.AreEqual(-Math.Log(1e-15) / 2, metrics.LogLoss, 1e-9);
    }

    [TestMethod]
    public void Of_NoPictures_IsRefused() =>
        StringAssert.StartsWith(
            Assert.ThrowsExactly<AlexNetException>(() => Metrics.Count(Seven, [])).Message, "There are no pictures");
}
