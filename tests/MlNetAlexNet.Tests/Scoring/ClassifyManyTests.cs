using MlNetAlexNet.Images;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.Scoring;

[TestClass]
public sealed class ClassifyManyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public required TestContext TestContext { get; set; }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void ClassifyMany_AnyNumber_KeepsTheOrder()
    {
        using var classifier = Load(out var images);
        var paths = Enumerable.Range(0, 100).Select(i => images[i * 7 % images.Length].ImagePath).ToArray();

        var predictions = classifier.ClassifyMany(paths).ToArray();

        CollectionAssert.AreEqual(
            paths.Select(path => classifier.Classify(path).PredictedLabel).ToArray(),
            predictions.Select(prediction => prediction.PredictedLabel).ToArray());
        Assert.AreEqual(0, classifier.ClassifyMany(Array.Empty<string>()).Count());
    }

    [TestMethod]
    public void ClassifyMany_BadPicture_ThrowsAfterThoseBeforeIt()
    {
        using var classifier = Load(out var images);
        var missing = Path.Combine(_folder.Path, "missing.png");
        string[] paths = [images[0].ImagePath, images[1].ImagePath, missing, images[2].ImagePath];
        var labels = new List<string>();

        var fault = Assert.ThrowsExactly<AlexNetException>(() =>
        {
            foreach (var prediction in classifier.ClassifyMany(paths))
                labels.Add(prediction.PredictedLabel);
        });

        StringAssert.Contains(fault.Message, missing);
        CollectionAssert.AreEqual(new[] { "blue", "red" }, labels);
    }

    [TestMethod]
    public void ClassifyMany_Cancelled_Stops()
    {
        using var classifier = Load(out var images);
        using var cancellation = new CancellationTokenSource();
        var endless = Enumerable.Repeat(images[0].ImagePath, int.MaxValue);
        var seen = 0;

        Assert.ThrowsExactly<OperationCanceledException>(() =>
        {
            foreach (var _ in classifier.ClassifyMany(endless, cancellation.Token))
            {
                if (++seen == 10)
                    cancellation.Cancel();
            }
        });
    }

    [TestMethod]
    public void ClassifyMany_DisposedMeanwhile_IsRefusedInItsTurn()
    {
        using var classifier = Load(out var images);
        var seen = 0;

        Assert.ThrowsExactly<ObjectDisposedException>(() =>
        {
            foreach (var _ in classifier.ClassifyMany(Enumerable.Repeat(images[0].ImagePath, 10_000)))
            {
                if (++seen == 3)
                    classifier.Dispose();
            }
        });

        Assert.IsGreaterThanOrEqualTo(3, seen);
    }

    [TestMethod]
    public async Task ClassifyManyAsync_BadPicture_ThrowsAfterThoseBeforeIt()
    {
        using var classifier = Load(out var images);
        var missing = Path.Combine(_folder.Path, "missing.png");
        var labels = new List<string>();

        var fault = await Assert.ThrowsExactlyAsync<AlexNetException>(async () =>
        {
            string[] paths = [images[0].ImagePath, images[1].ImagePath, missing, images[2].ImagePath];
            await foreach (var prediction in classifier.ClassifyManyAsync(paths, TestContext.CancellationToken))
                labels.Add(prediction.PredictedLabel);
        });

        StringAssert.Contains(fault.Message, missing);
        CollectionAssert.AreEqual(new[] { "blue", "red" }, labels);
    }

    [TestMethod]
    public async Task TryClassifyMany_BadPictures_AreToldAndTheOthersScored()
    {
        using var classifier = Load(out var images);
        var paths = Enumerable.Range(0, 60)
            .Select(i => i % 7 == 3 ? Path.Combine(_folder.Path, $"missing {i}.png") : images[i % 3].ImagePath)
            .ToArray();

        var outcomes = classifier.TryClassifyMany(paths, TestContext.CancellationToken).ToList();
        var later = await classifier.TryClassifyManyAsync(paths, TestContext.CancellationToken).ToListAsync(
            TestContext.CancellationToken);

        for (var i = 0; i < paths.Length; i++)
        {
            Assert.AreEqual(paths[i], outcomes[i].Path);
            Assert.AreEqual(i % 7 == 3, outcomes[i].Fault is not null);
            Assert.AreEqual(i % 7 == 3 ? null : images[i % 3].Label, outcomes[i].Prediction?.PredictedLabel);
            StringAssert.Contains(outcomes[i].Fault?.Message ?? paths[i], paths[i]);
            CollectionAssert.AreEqual(outcomes[i].Prediction?.Score, later[i].Prediction?.Score);
        }
    }

    [TestMethod]
    public void ClassifyMany_EndlessSource_IsReadAFewBatchesAhead()
    {
        using var classifier = Load(out var images);
        var read = 0;

        Assert.HasCount(20, classifier.ClassifyMany(Endless(), TestContext.CancellationToken).Take(20).ToList());

        TestContext.WriteLine($"{read} read");
        Assert.IsLessThanOrEqualTo(PictureBatches.Size * (2 * Environment.ProcessorCount + 2), read);

        IEnumerable<string> Endless()
        {
            while (true)
            {
                read++;
                yield return images[0].ImagePath;
            }
        }
    }

    [TestMethod]
    public void ClassifyMany_SourceThatFails_ThrowsItsFault()
    {
        using var classifier = Load(out _);

        Assert.ThrowsExactly<InvalidOperationException>(() =>
            classifier.ClassifyMany(Failing(), TestContext.CancellationToken).ToList());

        static IEnumerable<string> Failing() => throw new InvalidOperationException("the source's own");
    }

    private ImageClassifier Load(out LabeledImage[] images)
    {
        images = ColourModel.Draw(_folder.Path);
        return ImageClassifier.Load(ColourModel.Save(_folder.Path, images));
    }
}
