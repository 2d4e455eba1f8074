using Microsoft.ML;
using MlNetAlexNet.Training.Data;
using MlNetAlexNet.Training.Teachers;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Teachers;

[TestClass]
public sealed class TeacherLessonsTests
{
    private const int Count = 60;

    // The teacher's side is the pictures': what it sees is what is learnt, to the bit.
    [TestMethod]
    public void Compute_EveryView_IsWhatTheEpochLearns()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new TeacherNetwork(TinyTeacher.Write(folder));
        using var pixels = Pixels(label: row => row % 3);
        var options = Options(folder) with { Epochs = 9 };
        using var views = TeacherViews.Compute(teacher, All(pixels), side: 32, options, new());
        using var source = new BatchSource(All(pixels), batchSize: 7, side: 32, threads: 2);

        Assert.AreEqual((3, TinyTeacher.Width), (views.Views, views.Width));
        for (var view = 1; view <= 3; view++)
        {
            foreach (var batch in source.Shuffle(options.Seed, epoch: view + 6, options.Augmentation, view: view))
            {
                byte[] squares = [.. Enumerable.Range(0, batch.Count).SelectMany(i => batch.Picture(i).ToArray())];
                var expected = teacher.Compute(squares, batch.Count);
                var actual = views.Read(batch.Rows, view);
                for (var i = 0; i < expected.Length; i++)
                    Assert.AreEqual((float)(Half)expected[i], actual[i], 1e-3f * Math.Abs(expected[i]) + 1e-4f);
            }
        }
    }

    // Random labels: who had learnt a picture's own would often be right; who has not is right for one in three.
    [TestMethod]
    public void Predict_LabelsThatNothingTells_IsNoBetterThanChance()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new TeacherNetwork(TinyTeacher.Write(folder));
        var random = new Random(2);
        using var pixels = Pixels(label: _ => random.Next(3), sameColour: true);
        var recorder = new List<TrainingProgress>();
        var (lessons, _) = TeacherLessons.Prepare(
            teacher, All(pixels), 32, classes: 3, Options(folder),
            new() { Progress = new ProgressHandler<TrainingProgress>(recorder.Add) });
        lessons.Dispose();

        var accuracy = recorder.OfType<TeacherReady>().Single().Accuracy!.Value;
        Assert.IsLessThan(0.55, accuracy);
    }

    [TestMethod]
    public void Prepare_PicturesWithoutALabel_GetTheOneThatTheTeacherFinds()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new TeacherNetwork(TinyTeacher.Write(folder));
        using var pixels = Pixels(label: row => row < 40 ? row % 3 : -1);
        var (lessons, pictures) = TeacherLessons.Prepare(teacher, All(pixels), 32, classes: 3, Options(folder), new());
        using var released = lessons;

        Assert.IsTrue(Enumerable.Range(0, 40).All(row => pictures.Set.Labels[row] == row % 3));
        var right = Enumerable.Range(40, 20).Count(row => pictures.Set.Labels[row] == row % 3);
        Assert.IsGreaterThanOrEqualTo(18, right);

        using var scope = NewDisposeScope();
        int[] rows = [50, 3, 4];
        var features = lessons.TakeFeatures(rows, 2);
        CollectionAssert.AreEqual(new long[] { 3, TinyTeacher.Width }, features.shape);
        var sharp = lessons.Predict(features, rows, temperature: 0.5);
        var soft = lessons.Predict(features, rows, temperature: 4);
        CollectionAssert.AreEqual(new long[] { 3, 3 }, soft.shape);
        Assert.IsTrue(soft.sum([1]).sub(1).abs().max().item<float>() < 1e-5);
        Assert.IsTrue((bool)(sharp.amax([1]) > soft.amax([1])).all());
    }

    // The layer that has not learnt from it does not know its class; nobody asks it then.
    [TestMethod]
    public void Predict_OnlyPictureOfItsClass_IsKnown()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new TeacherNetwork(TinyTeacher.Write(folder));
        using var pixels = Pixels(label: row => row == 2 ? 2 : row % 3 == 2 ? 0 : row % 3); // one blue picture is called so
        var (lessons, _) = TeacherLessons.Prepare(teacher, All(pixels), 32, classes: 3, Options(folder), new());
        using var released = lessons;
        using var scope = NewDisposeScope();
        Assert.IsGreaterThan(0.05, lessons.Predict(lessons.TakeFeatures([2], 1), [2], 1)[0, 2].item<float>());
    }

    // A feature that opens in one view alone must not outweigh all others.
    [TestMethod]
    public void Take_FeatureThatHardlyEverOpens_StaysSmall()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new TeacherNetwork(TinyTeacher.Write(folder));
        using var pixels = Pixels(label: row => row % 3);
        using var views = TeacherViews.Compute(teacher, All(pixels), 32, Options(folder), new());
        using var features = new TeacherFeatures(views, [0]); // measured by one picture, of which many never open
        using var scope = NewDisposeScope();
        var raw = tensor(views.Read([.. Enumerable.Range(0, Count)], 2)).abs().max().item<float>();
        var dead = features.Take([0], 1).eq(0).squeeze(0);
        Assert.IsTrue(dead.any().item<bool>());
        Assert.IsLessThanOrEqualTo(
            raw, features.Take([.. Enumerable.Range(0, Count)], 2).abs().amax([0]).masked_select(dead).max().item<float>());
    }

    [TestMethod]
    public void Take_AllViews_HaveMean0AndDeviation1()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new TeacherNetwork(TinyTeacher.Write(folder));
        using var pixels = Pixels(label: row => row % 3);
        using var views = TeacherViews.Compute(teacher, All(pixels), 32, Options(folder), new());
        int[] rows = [.. Enumerable.Range(0, Count)];
        using var features = new TeacherFeatures(views, rows);
        using var scope = NewDisposeScope();
        var all = cat([.. Enumerable.Range(1, 3).Select(view => features.Take(rows, view))]); // 180 x 16

        Assert.IsLessThan(1e-4f, all.mean([0]).abs().max().item<float>());
        var deviations = all.std(dim: 0, unbiased: false).data<float>().ToArray();
        Assert.IsTrue(deviations.All(deviation => Math.Abs(deviation - 1) < 1e-3 || deviation < 1e-3), string.Join(' ', deviations));
        Assert.IsTrue(deviations.Any(deviation => deviation > 0.5));
    }

    private static TrainingOptions Options(TemporaryFolder folder) => TinyPictures.Options with
    {
        Teacher = TinyTeacher.Write(folder) with { Views = 3 },
        Augmentation = new() { SmallestArea = 0.5 },
    };

    private static PixelRows All(PixelSet pixels) => new(pixels, [.. Enumerable.Range(0, Count)]);

    private static PixelSet Pixels(Func<int, int> label, bool sameColour = false)
    {
        var rows = TinyPictures.Rows(Count, seed: 5, classes: sameColour ? 1 : 3);
        var read = PixelReader.Read(TinyPictures.Data(new MLContext(1), rows), "Pixels", "Label", TinyPictures.Classes, default);
        return read with { Labels = [.. Enumerable.Range(0, Count).Select(label)] };
    }
}
