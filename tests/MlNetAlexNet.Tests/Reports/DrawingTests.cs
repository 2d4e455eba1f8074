using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Reports.Drawing;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Reports;

[TestClass]
public sealed class DrawingTests
{
    [TestMethod]
    [DataRow(0.0, 1.0, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [DataRow(13.0, 87.0, new[] { 0.0, 20, 40, 60, 80, 100 })]
    [DataRow(-0.003, 0.002, new[] { -0.003, -0.002, -0.001, 0, 0.001, 0.002 })]
    [DataRow(5.0, 5.0, new[] { 2.0, 4, 6, 8 })] // a constant has room around it
    public void Scale_Around_EndsAtTicks(double low, double high, double[] expected)
    {
        var scale = Scale.Around([low, high], 100, 0, ticks: 5);

        var ticks = scale.ListTicks(5).Select(tick => Math.Round(tick, 9)).ToArray();
        CollectionAssert.AreEqual(expected, ticks, string.Join(' ', ticks));
        Assert.AreEqual(100, scale.Place(scale.Low));
        Assert.AreEqual(0, scale.Place(scale.High), 1e-9);
    }

    [TestMethod]
    public void Scale_AroundAnything_HasFewTicksAndHoldsItAll()
    {
        const int Seed = 4;
        var random = new Random(Seed);
        for (var i = 0; i < 2000; i++)
        {
            double[] values = [Draw(), Draw()];
            var scale = Scale.Around(values, 0, 1, ticks: 5);
            var hair = 1e-6 * (scale.High - scale.Low);
            Assert.IsTrue(scale.Low - hair <= values.Min() && scale.High + hair >= values.Max() && hair > 0, $"seed {Seed}: {values[0]:R} {values[1]:R}");
            Assert.IsTrue(scale.ListTicks(5).Count() is >= 2 and <= 12, $"seed {Seed}: {values[0]:R} {values[1]:R}");
        }

        double Draw() => (random.NextDouble() - 0.3) * Math.Pow(10, random.Next(-8, 9));
    }

    [TestMethod]
    public void Markup_Values_AreText()
    {
        var name = "<b title='x'>\"&\0\u001b[31m";

        var markup = Markup.Write($"<p title=\"{name}\">{name} {Markup.Write($"<i>{1234.5:N1}</i>")}</p>").ToString();

        StringAssert.StartsWith(markup, "<p title=\"&lt;b title=&#x27;x&#x27;&gt;&quot;&amp;");
        StringAssert.EndsWith(markup, "<i>1,234.5</i></p>");
        Assert.IsFalse(markup.Any(char.IsControl));
    }

    // Two kernels of a pixel each: the first white to the left of the second, with a clear pixel between.
    [TestMethod]
    public void KernelPicture_EachKernel_GoesFromItsLowestToItsHighest()
    {
        var stack = new Sequential(TensorShape.Image(4, 4, 3))
        {
            new Conv2D(2, 2), new Flatten(), new Dense(2, Activation.Softmax),
        };
        var model = TinyModel.Of(stack, imageSize: 4, seed: 1);
        var kernel = model.Weights["conv2d_1/kernel"].Values; // 2 x 3 x 2 x 2
        for (var i = 0; i < kernel.Length; i++)
            kernel[i] = i % 12 == 0 ? 3 : i % 12 == 11 ? -1 : 1; // red of the first pixel is highest, blue of the last lowest

        var picture = KernelPicture.Draw(model)!.Value;

        Assert.AreEqual((2, 2), (picture.Kernels, picture.Side));
        using var bitmap = SKBitmap.Decode(Convert.FromBase64String(picture.Png["data:image/png;base64,".Length..]));
        Assert.AreEqual((5, 2), (bitmap.Width, bitmap.Height));
        foreach (var left in (int[])[0, 3])
        {
            Assert.AreEqual(new SKColor(255, 128, 128), bitmap.GetPixel(left, 0));
            Assert.AreEqual(new SKColor(128, 128, 128), bitmap.GetPixel(left + 1, 0));
            Assert.AreEqual(new SKColor(128, 128, 0), bitmap.GetPixel(left + 1, 1));
        }

        Assert.AreEqual(0, bitmap.GetPixel(2, 0).Alpha);
    }

    [TestMethod]
    public void KernelPicture_NetworkThatBeginsOtherwise_HasNone()
    {
        var stack = new Sequential(TensorShape.Image(4, 4, 3)) { new Flatten(), new Dense(2, Activation.Softmax) };

        Assert.IsNull(KernelPicture.Draw(TinyModel.Of(stack, imageSize: 4, seed: 1)));
    }

    [TestMethod]
    public void ConfusionRaster_Cells_AreWhereTheyBelong()
    {
        string[] classes = [.. Enumerable.Range(0, 100).Select(i => $"{i}")];
        var metrics = Metrics.Count(
            classes, [new ScoredPicture("", "3", "3", 1, 1, 0), new ScoredPicture("", "3", "90", 1, 0, 1), new ScoredPicture("", "99", "0", 1, 0, 1)]);

        var png = ConfusionRaster.Draw(metrics.Confusion);

        using var bitmap = SKBitmap.Decode(Convert.FromBase64String(png["data:image/png;base64,".Length..]));
        Assert.AreEqual((700, 700), (bitmap.Width, bitmap.Height));
        Assert.IsTrue(IsBlue(bitmap.GetPixel(3 * 7 + 3, 3 * 7 + 3)));
        Assert.IsTrue(IsRed(bitmap.GetPixel(90 * 7 + 3, 3 * 7 + 3))); // column, row
        Assert.IsTrue(IsRed(bitmap.GetPixel(0, 699)));
        Assert.AreEqual(3 * 49, bitmap.Pixels.Count(pixel => pixel.Alpha > 0));

        static bool IsBlue(SKColor color) => color.Blue > color.Red && color.Alpha > 0;
        static bool IsRed(SKColor color) => color.Red > color.Blue && color.Alpha > 0;
    }

    // Several cells share a pixel, and none is lost.
    [TestMethod]
    public void ConfusionRaster_ThousandsOfClasses_IsOfABoundedSize()
    {
        string[] classes = [.. Enumerable.Range(0, 3000).Select(i => $"{i}")];
        var metrics = Metrics.Count(classes, [new ScoredPicture("", "0", "2999", 1, 0, 1), new ScoredPicture("", "2999", "2999", 1, 1, 0)]);

        var png = ConfusionRaster.Draw(metrics.Confusion);

        using var bitmap = SKBitmap.Decode(Convert.FromBase64String(png["data:image/png;base64,".Length..]));
        Assert.AreEqual((2000, 2000), (bitmap.Width, bitmap.Height));
        Assert.IsTrue(bitmap.GetPixel(1999, 0).Alpha > 0 && bitmap.GetPixel(1999, 1999).Alpha > 0);
        Assert.AreEqual(0, bitmap.GetPixel(0, 0).Alpha);
    }
}
