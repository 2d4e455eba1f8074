using MlNetAlexNet.Explanation;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Scoring;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Explanation;

/// <summary>Maps of networks whose evidence is known, against occlusion one picture at a time through <c>Classify</c>.</summary>
[TestClass]
public sealed class OcclusionExplainerTests(TestContext context) : IDisposable
{
    private const int Side = 16;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Explain_NetworkThatLooksAtOneCorner_FindsItThere()
    {
        using var classifier = ImageClassifier.Load(CornerModel.Create(Side, ImageResizeMode.Crop));
        var map = new OcclusionExplainer(classifier, new ExplanationOptions { Positions = 4 }).Explain(CornerModel.DrawPicture(_folder.Path, 64, 64));

        Assert.AreEqual("bright", map.Class);
        Assert.AreEqual((0, 0), map.Peak);
        Assert.AreEqual(new PictureRectangle(0, 0, 16, 16), map.FindPart(0, 0));
        for (var place = 1; place < map.Values.Count; place++)
            Assert.AreEqual(0, map.Values[place], 1e-4, $"place {place}");
    }

    // White on dark grey: the mean is nearer to black than to white, so that hiding the corner costs what arithmetic says.
    [TestMethod]
    public void Explain_HandMadeNetwork_GivesBitsByHand()
    {
        using var classifier = ImageClassifier.Load(CornerModel.Create(Side, ImageResizeMode.Crop));
        var map = new OcclusionExplainer(classifier, new ExplanationOptions { Positions = 4 }).Explain(CornerModel.DrawPicture(_folder.Path, 64, 64));

        const int Mean = 16; // 255 over a sixteenth of the picture, rounded
        var expected = (255 - Mean) / 50.0 / Math.Log(2); // the logit is the corner's mean / 50, and a bit is ln 2 of it
        Assert.AreEqual(expected, map[0, 0], 1e-3);
        Assert.AreEqual(1 / (1 + Math.Exp(-((Mean - 127.5) / 50))), map.Probabilities[0], 1e-5);
    }

    [TestMethod]
    [DataRow(ImageResizeMode.Crop, 60, 40, ScoringViews.Middle, OcclusionFill.Mean)]
    [DataRow(ImageResizeMode.Squash, 60, 40, ScoringViews.Mirrored, OcclusionFill.Grey)]
    [DataRow(ImageResizeMode.Pad, 30, 70, ScoringViews.Middle, OcclusionFill.Mean)]
    [DataRow(ImageResizeMode.Pad, 70, 3, ScoringViews.TenCrops, OcclusionFill.Blur)]
    public void Explain_EveryForm_EqualsOcclusionOneByOne(ImageResizeMode mode, int width, int height, ScoringViews views, OcclusionFill fill)
    {
        var seed = Environment.TickCount;
        context.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var model = TinyModel.Of(
            new Sequential(TensorShape.Image(12, 12, 3)) { new Conv2D(4, 3, activation: Activation.Relu), new Flatten(), new Dense(3, Activation.Softmax) },
            Side, seed);
        using var classifier = ImageClassifier.Load(
            new TrainedModel(model.Plan, model.Weights, model.Preprocessing with { ResizeMode = mode, Views = views }, model.Classes, topK: 3));
        var path = RandomPicture.Draw(_folder.Path, width, height, random);
        var options = new ExplanationOptions { Positions = random.Next(4, 8), SquareShare = 0.25 + (random.NextDouble() / 2), Fill = fill, Class = "b" };

        var map = new OcclusionExplainer(classifier, options).Explain(path);

        var square = PixelDecoder.Decode(path, Side, mode);
        var whole = Classify(square);
        for (var place = 0; place < map.Values.Count; place++)
        {
            var hidden = Hide(square, place, options, mode, width, height);
            if (hidden is null)
                continue;

            var scores = Classify(hidden);
            Assert.AreEqual(scores[1], map.Probabilities[place], 1e-5, $"place {place}");
            Assert.AreEqual(Bits(whole) - Bits(scores), map.Values[place], 1e-3, $"place {place}");
        }

        float[] Classify(byte[] pixels) => classifier.Classify(RandomPicture.AsPng(pixels, Side)).Score;

        static double Bits(float[] scores) => Math.Log2(scores[1] / (scores[0] + (double)scores[2]));
    }

    [TestMethod]
    public void Explain_UniformPicture_IsFlat()
    {
        using var classifier = ImageClassifier.Load(ColourModel.Create());
        var path = ColourModel.Draw(_folder.Path, "red.png", SKColors.Red);

        foreach (var fill in new[] { OcclusionFill.Mean, OcclusionFill.Blur })
        {
            var map = new OcclusionExplainer(classifier, new ExplanationOptions { Positions = 4, Fill = fill }).Explain(path);
            Assert.IsTrue(map.Values.All(value => Math.Abs(value) < 1e-3), $"{fill}: {string.Join(' ', map.Values)}");
        }
    }

    [TestMethod]
    public async Task Explain_FileStreamAndBytes_AgreeAndGiveThePredictionOfClassify()
    {
        using var classifier = ImageClassifier.Load(ColourModel.Create());
        var path = RandomPicture.Draw(_folder.Path, 40, 30, new Random(1));
        var explainer = new OcclusionExplainer(classifier);
        var file = explainer.Explain(path);
        using var stream = File.OpenRead(path);

        CollectionAssert.AreEqual(file.Values.ToArray(), explainer.Explain(stream).Values.ToArray());
        CollectionAssert.AreEqual(file.Values.ToArray(), (await explainer.ExplainAsync(File.ReadAllBytes(path))).Values.ToArray());
        Assert.AreEqual(classifier.Classify(path).PredictedLabel, file.Prediction.PredictedLabel);
    }

    [TestMethod]
    public void Explain_Progress_CountsEveryPassOnce()
    {
        using var classifier = ImageClassifier.Load(ColourModel.Create());
        var reports = new List<ExplanationProgress>();

        new OcclusionExplainer(classifier).Explain(
            ColourModel.Draw(_folder.Path, "red.png", SKColors.Red), new ProgressHandler<ExplanationProgress>(reports.Add));

        Assert.AreEqual(170, new ExplanationOptions().Passes);
        CollectionAssert.AreEqual(Enumerable.Range(1, 170).ToArray(), reports.Select(report => report.Done).ToArray());
        Assert.IsTrue(reports.All(report => report.Total == 170));
    }

    [TestMethod]
    public void Explain_AlexNet_TakesOneHundredAndSeventyPasses()
    {
        var preset = AlexNet.GetPreset(AlexNet.DefaultPreset);
        var plan = preset.Network(2, 0).Plan();
        var weights = preset.InitialWeights(plan, new Random(1), 0);
        using var classifier = ImageClassifier.Load(new TrainedModel(
            plan, weights, new ImagePreprocessing(plan.Input.Height, [120, 110, 100], [60, 50, 70]), ["a", "b"], topK: 2));
        var reports = 0;

        var map = new OcclusionExplainer(classifier).Explain(
            RandomPicture.Draw(_folder.Path, 300, 260, new Random(1)), new ProgressHandler<ExplanationProgress>(_ => reports++));

        Assert.AreEqual(170, reports);
        Assert.HasCount(169, map.Values);
    }

    [TestMethod]
    public void Explain_CancelledOnTheWay_Ends()
    {
        using var classifier = ImageClassifier.Load(ColourModel.Create());
        using var cancel = new CancellationTokenSource();
        var progress = new ProgressHandler<ExplanationProgress>(_ => cancel.Cancel());

        Assert.Throws<OperationCanceledException>(() => new OcclusionExplainer(classifier).Explain(
            ColourModel.Draw(_folder.Path, "red.png", SKColors.Red), progress, cancel.Token));
    }

    [TestMethod]
    public void Explain_NoPicture_NamesIt()
    {
        using var classifier = ImageClassifier.Load(ColourModel.Create());

        var fault = Assert.ThrowsExactly<AlexNetException>(() => new OcclusionExplainer(classifier).Explain("none.jpg"));

        StringAssert.Contains(fault.Message, "none.jpg");
    }

    [TestMethod]
    public void Create_OptionsOutOfRange_ListsAll()
    {
        using var classifier = ImageClassifier.Load(ColourModel.Create());

        Assert.AreEqual(
            "Positions is 1; it must be from 2 to 64.\nSquareShare is 1; it must be above 0 and below 1.\nFill is 9; it must be one of Mean, Grey, Blur.",
            Fault(new ExplanationOptions { Positions = 1, SquareShare = 1, Fill = (OcclusionFill)9 }));
        StringAssert.StartsWith(Fault(new ExplanationOptions { Positions = 3 }), "SquareShare is 0.25 and Positions 3: such squares would leave parts");
        Assert.AreEqual("The model does not know the class 'pink'. It knows red, green, blue.", Fault(new ExplanationOptions { Class = "pink" }));

        string Fault(ExplanationOptions options) =>
            Assert.ThrowsExactly<AlexNetException>(() => new OcclusionExplainer(classifier, options)).Message;
    }

    // Worked out anew; null where the blurred fill, which has no other source, would be needed.
    private static byte[]? Hide(byte[] square, int place, ExplanationOptions options, ImageResizeMode mode, int width, int height)
    {
        var (left, top, right, bottom) = (0, 0, Side, Side);
        if (mode == ImageResizeMode.Pad)
        {
            var (w, h) = (Math.Max(1, width * Side / Math.Max(width, height)), Math.Max(1, height * Side / Math.Max(width, height)));
            (left, top) = ((Math.Max(width, height) - width) * Side / (2 * Math.Max(width, height)), (Math.Max(width, height) - height) * Side / (2 * Math.Max(width, height)));
            (right, bottom) = (left + w, top + h);
        }

        var size = (int)Math.Ceiling(Side * options.SquareShare);
        var step = (Side - size) / (options.Positions - 1.0);
        var (x0, y0) = ((int)Math.Round(place % options.Positions * step), (int)Math.Round(place / options.Positions * step));
        var inside = (from y in Enumerable.Range(y0, size)
                      from x in Enumerable.Range(x0, size)
                      where x >= left && x < right && y >= top && y < bottom
                      select (x, y)).ToArray();
        if (options.Fill == OcclusionFill.Blur && inside.Length > 0)
            return null;

        var copy = (byte[])square.Clone();
        for (var channel = 0; channel < 3; channel++)
        {
            var mean = (from y in Enumerable.Range(top, bottom - top)
                        from x in Enumerable.Range(left, right - left)
                        select (double)square[(3 * ((y * Side) + x)) + channel]).Average();
            foreach (var (x, y) in inside)
                copy[(3 * ((y * Side) + x)) + channel] = options.Fill == OcclusionFill.Grey ? (byte)128 : (byte)Math.Floor(mean + 0.5);
        }

        return copy;
    }
}
