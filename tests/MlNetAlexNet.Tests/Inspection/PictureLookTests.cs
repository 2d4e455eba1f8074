using MlNetAlexNet.Images;
using MlNetAlexNet.Inspection;
using MlNetAlexNet.Models;
using MlNetAlexNet.Tests.Images;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Inspection;

[TestClass]
public sealed class PictureLookTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    [DataRow(256)]
    [DataRow(72)]
    [DataRow(20)]
    public void IsNear_CopiesOfDrawnPhotographs_AreNearAndOthersAreNot(int side)
    {
        var photographs = Enumerable.Range(0, 40).Select(seed => Pictures.Photograph(300, 200, seed)).ToList();
        var looks = photographs.ConvertAll(photograph => Look(photograph, side));
        for (var i = 0; i < photographs.Count; i++)
        {
            foreach (var copy in (byte[][])[Copies.Recompress(photographs[i], 60), Copies.Halve(photographs[i]), Copies.Brighten(photographs[i])])
                Assert.IsTrue(looks[i].IsNear(Look(copy, side), PictureLook.MostSigns), $"{i}");
            for (var j = 0; j < i; j++)
                Assert.IsFalse(looks[i].IsNear(looks[j], PictureLook.MostSigns), $"{i} {j}");
        }
    }

    // What the documentation says of them.
    [TestMethod]
    public void IsNear_Clothing_FindsCopiesAndFewOthers()
    {
        string[] files = [.. Directory.EnumerateFiles(Datasets.Clothing, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var looks = files.AsParallel().AsOrdered().Select(file => Look(File.ReadAllBytes(file))).ToArray();
        Assert.IsTrue(looks.All(look => look.IsKnown));
        var tried = Enumerable.Range(0, files.Length).Where(i => i % 20 == 0).ToList();
        foreach (var (name, copy, least) in ((string, Func<byte[], byte[]>, double)[])
        [
            ("quality 60", picture => Copies.Recompress(picture, 60), 1), ("half the size", Copies.Halve, 1),
            ("5% brighter", Copies.Brighten, 1), ("2% cut at each border", Copies.CutBorders, 0.98),
        ])
        {
            var found = tried.AsParallel().Count(i => looks[i].IsNear(Look(copy(File.ReadAllBytes(files[i]))), PictureLook.MostSigns));
            TestContext.WriteLine($"{name}: {found} of {tried.Count} found");
            Assert.IsGreaterThanOrEqualTo(least * tried.Count, found);
        }

        var pairs = Enumerable.Range(0, files.Length).AsParallel()
            .Sum(i => Enumerable.Range(0, i).Count(j => looks[i].IsNear(looks[j], PictureLook.MostSigns)));
        TestContext.WriteLine($"{pairs} of {(long)files.Length * (files.Length - 1) / 2} pairs of photographs");
        Assert.IsLessThanOrEqualTo(8, pairs);
    }

    [TestMethod]
    public void Compute_FlatPicture_IsNotKnown()
    {
        Assert.IsFalse(Look(Pictures.Flat(50, 50, SKColors.Black, SKEncodedImageFormat.Png)).IsKnown);
        Assert.IsFalse(Look(Pictures.Flat(50, 50, new SKColor(200, 10, 90), SKEncodedImageFormat.Jpeg)).IsKnown);
    }

    [TestMethod]
    public void IsNear_OneShapeInOtherColours_IsNot()
    {
        var (red, blue) = (Look(Disc(SKColors.Red)), Look(Disc(SKColors.Blue)));

        Assert.IsTrue(red.IsKnown && blue.IsKnown);
        Assert.IsFalse(red.IsNear(blue, PictureLook.MostSigns));
        Assert.IsTrue(red.IsNear(Look(Copies.Recompress(Disc(SKColors.Red), 60)), 128));
    }

    private static byte[] Disc(SKColor color)
    {
        using var bitmap = new SKBitmap(200, 200);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        canvas.DrawCircle(90, 110, 60, paint);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static PictureLook Look(byte[] picture, int side = 256) =>
        PictureLook.Compute(PixelDecoder.Decode(picture, side, ImageResizeMode.Squash), side);
}
