using MlNetAlexNet.Images;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.Scoring;

[TestClass]
public sealed class ClassifyAsyncTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public required TestContext TestContext { get; set; }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public async Task ClassifyAsync_ManyCallers_GetTheirOwnAnswers()
    {
        using var classifier = Load(out var images);

        var predictions = await Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            classifier.ClassifyAsync(images[i % images.Length].ImagePath, TestContext.CancellationToken)));

        for (var i = 0; i < predictions.Length; i++)
        {
            var expected = classifier.Classify(images[i % images.Length].ImagePath);
            Assert.AreEqual(expected.PredictedLabel, predictions[i].PredictedLabel);
            for (var j = 0; j < expected.Score.Length; j++)
                Assert.AreEqual(expected.Score[j], predictions[i].Score[j], 1e-6);
        }
    }

    [TestMethod]
    public async Task ClassifyAsync_BadPictureAmongOthers_FailsAlone()
    {
        using var classifier = Load(out var images);
        var missing = Path.Combine(_folder.Path, "missing.png");

        var bad = classifier.ClassifyAsync(missing, TestContext.CancellationToken);
        var good = classifier.ClassifyAsync(images[0].ImagePath, TestContext.CancellationToken);

        StringAssert.Contains((await Assert.ThrowsExactlyAsync<AlexNetException>(() => bad)).Message, missing);
        Assert.AreEqual("blue", (await good).PredictedLabel);
    }

    [TestMethod]
    public async Task ClassifyAsync_Cancelled_IsGivenUpAndTheNextIsScored()
    {
        using var classifier = Load(out var images);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            classifier.ClassifyAsync(images[0].ImagePath, cancelled.Token));

        Assert.AreEqual(
            "red", (await classifier.ClassifyAsync(images[1].ImagePath, TestContext.CancellationToken)).PredictedLabel);
    }

    // Those that come while the first is scored go together: far fewer calls of the network than pictures.
    [TestMethod]
    public async Task MicroBatcher_CallersAtOnce_AreScoredTogether()
    {
        var calls = 0;
        using var started = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var batcher = new MicroBatcher((_, pictures) =>
        {
            calls++;
            started.Set();
            goOn.Wait(TestContext.CancellationToken);
            return [.. Enumerable.Range(0, pictures).Select(_ => new ImagePrediction())];
        }, cores: 1);

        var first = batcher.ScoreAsync([0], TestContext.CancellationToken);
        started.Wait(TestContext.CancellationToken);
        var others = Enumerable.Range(0, MicroBatcher.MaximumSize)
            .Select(_ => batcher.ScoreAsync([0], TestContext.CancellationToken)).ToList();
        goOn.Set();
        await Task.WhenAll([first, .. others]);

        Assert.AreEqual(2, calls);
    }

    private ImageClassifier Load(out LabeledImage[] images)
    {
        images = ColourModel.Draw(_folder.Path);
        return ImageClassifier.Load(ColourModel.Save(_folder.Path, images));
    }
}
