using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.Evaluation;

[TestClass]
public sealed class ModelEvaluationTests
{
    private static readonly string[] Seven = ["a", "b", "c", "d", "e", "f", "g"];

    [TestMethod]
    public void Of_ThreePictures_CountsByHand()
    {
        var metrics = Count(["cat", "dog"], (0, [0.8f, 0.2f]), (0, [0.25f, 0.75f]), (1, [0.5f, 0.5f]));

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

        Assert.AreEqual(0.5, Count(Seven, (4, falling), (5, falling)).Top5);
    }

    [TestMethod]
    public void Of_ClassWithoutPicturesAndPredictions_StaysFinite()
    {
        var metrics = Count(["cat", "dog", "owl"], (0, [1, 0, 0]), (1, [1, 0, 0]));

        Assert.AreEqual(new ClassMetrics("owl", 0, 0, 0), metrics.Classes[2]);
        Assert.AreEqual(-Math.Log(1e-15) / 2, metrics.LogLoss, 1e-9);
    }

    [TestMethod]
    public void Of_PicturesThatAreCertain_HasALossOfZeroWithoutASign() =>
        Assert.IsFalse(double.IsNegative(Count(["cat", "dog"], (0, [1, 0]), (1, [0, 1])).LogLoss));

    [TestMethod]
    public void F1_OfPrecisionAndRecall_IsTheirHarmonicMean()
    {
        Assert.AreEqual(0.6, new ClassMetrics("cat", 9, Precision: 0.75, Recall: 0.5).F1, 1e-12);
        Assert.AreEqual(0, new ClassMetrics("cat", 9, Precision: 0, Recall: 0).F1);
    }

    // Batches of 32: the last one is of one picture.
    [TestMethod]
    public void Evaluate_33Pictures_CountsEachAsByHand()
    {
        using var folder = new TemporaryFolder();
        var model = TinyModel.Of(Stack(), imageSize: 40, seed: 5);
        var pictures = Draw(folder, perClass: 11);
        using var classifier = ImageClassifier.Load(model);

        var metrics = ModelEvaluation.Evaluate(classifier, pictures).Metrics;

        var (right, loss) = (0, 0.0);
        foreach (var picture in pictures)
        {
            var pixels = PixelDecoder.Decode(picture.ImagePath, 40);
            var scores = ReferenceNetwork.Score(model, pixels);
            var score = scores[Array.IndexOf([.. model.Classes], picture.Label)];
            right += score == scores.Max() ? 1 : 0;
            loss -= Math.Log(score);
        }

        Assert.AreEqual((33, right), (metrics.Pictures, metrics.Correct));
        Assert.AreEqual(right / 33.0, metrics.Top1);
        Assert.AreEqual(loss / 33, metrics.LogLoss, 1e-5);
        Assert.IsTrue(right is > 0 and < 33, "says nothing where all are right or wrong");
    }

    [TestMethod]
    public void Evaluate_PicturesOfTheTrainingUnderOtherNames_AreTold()
    {
        using var folder = new TemporaryFolder();
        var pictures = Draw(folder, perClass: 3);
        var learnt = FingerprintedPictures.Read(pictures.Take(2).Select(picture => picture.ImagePath), default);
        var copy = folder.Write("c/copy.png", File.ReadAllBytes(pictures[1].ImagePath));
        using var classifier = ImageClassifier.Load(
            TinyModel.Of(Stack(), imageSize: 40, seed: 5) with { TrainedOn = PictureFingerprints.Collect(learnt) });

        var seen = ModelEvaluation.Evaluate(classifier, [.. pictures, new() { ImagePath = copy, Label = "c" }]).TrainedOn;

        CollectionAssert.AreEqual(new[] { pictures[0].ImagePath, pictures[1].ImagePath, copy }, seen.ToArray());
    }

    // Weights of 1e30 are finite, and sums of products with them are not.
    [TestMethod]
    public void Evaluate_ModelWithoutProbabilities_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var model = TinyModel.Of(Stack(), imageSize: 40, seed: 5);
        foreach (var weight in model.Weights.Values)
        {
            for (var i = 0; i < weight.Values.Length; i++)
                weight.Values[i] *= 1e30f;
        }

        using var classifier = ImageClassifier.Load(model);
        var pictures = Draw(folder, perClass: 1);

        foreach (var score in (Action[])[
            () => ModelEvaluation.Evaluate(classifier, pictures), () => classifier.Classify(pictures[0].ImagePath)])
        {
            StringAssert.StartsWith(
                Assert.ThrowsExactly<AlexNetException>(score).Message, "The network gives NaN as the probability of 'a'");
        }
    }

    private static LabeledImage[] Draw(TemporaryFolder folder, int perClass)
    {
        ColoredPictures.Draw(folder.Path, perClass);
        return [.. ImageFolder.ListLabeled(folder.Path).Select(
            picture => picture with { Label = "abc"[Array.IndexOf(ColoredPictures.Classes, picture.Label)].ToString() })];
    }

    private static Sequential Stack() => new(TensorShape.Image(40, 40, 3))
    {
        new Conv2D(4, 5, 4, activation: Activation.Relu), new Flatten(), new Dense(3, Activation.Softmax),
    };

    [TestMethod]
    public void Of_NoPictures_IsRefused() =>
        StringAssert.StartsWith(
            Assert.ThrowsExactly<AlexNetException>(() => Metrics.Count(Seven, [])).Message, "There are no pictures");

    private static Metrics Count(string[] classes, params (int Actual, float[] Score)[] pictures) => Metrics.Count(
        classes, [.. pictures.Select(picture => ScoredPicture.Compare("", classes, picture.Actual, picture.Score))]);
}
