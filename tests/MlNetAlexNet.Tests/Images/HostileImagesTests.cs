using Microsoft.ML.Data;
using MlNetAlexNet.Images;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Images;

/// <summary>Pictures made to break decoders, and pictures broken by chance: decoded or named, nothing else.</summary>
[TestClass]
public sealed class HostileImagesTests
{
    public required TestContext TestContext { get; set; }

    private static string[] PngSuite =>
        [.. Directory.EnumerateFiles(Expected.PngSuite, "*.png").Order(StringComparer.Ordinal)];

    private static string[] Jpegs =>
    [
        .. Directory.EnumerateFiles(Datasets.Hostile, "*.jpg", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal),
    ];

    [TestMethod]
    public void FindBad_PngSuite_RefusesTheCorruptOnesAlone()
    {
        var all = PngSuite;
        Assert.HasCount(175, all);

        var bad = FindBad(all);

        string[] corrupt = [.. all.Where(path => Path.GetFileName(path)[0] == 'x')];
        Assert.HasCount(14, corrupt);
        CollectionAssert.AreEquivalent(corrupt, bad);
    }

    [TestMethod]
    public void FindBad_EveryHostileJpeg_IsDecodedOrNamed()
    {
        var all = Jpegs;
        Assert.HasCount(120, all);

        var bad = FindBad(all);

        TestContext.WriteLine($"{all.Length - bad.Length} decoded, {bad.Length} refused");
        Assert.Contains(path => Path.GetFileName(path) == "empty.jpg", bad);
    }

    [TestMethod]
    public void DecodeImage_PngSuite_EqualsMLNetByteForByte() => AssertEqualsMLNet(PngSuite.Except(FindBad(PngSuite)));

    [TestMethod]
    public void DecodeImage_JpegWithoutTurn_EqualsMLNetByteForByte() => AssertEqualsMLNet(
        Jpegs.Except(FindBad(Jpegs)).Where(path => !path.Contains("Portrait_") || Path.GetFileName(path)[9] < '2'));

    private string[] FindBad(string[] paths)
    {
        var bad = DecodablePictures.FindBad(paths, cancellationToken: TestContext.CancellationToken);
        foreach (var image in bad)
            Assert.Contains(image.Path, image.Reason);

        return [.. bad.Select(image => image.Path)];
    }

    private static void AssertEqualsMLNet(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            using var ours = PixelDecoder.DecodeImage(path);
            using var stock = MLImage.CreateFromFile(path);
            Assert.AreEqual((stock.Width, stock.Height), (ours.Width, ours.Height), path);
            Assert.AreEqual(stock.PixelFormat, ours.PixelFormat, path);
            Assert.IsTrue(stock.Pixels.SequenceEqual(ours.Pixels), path);
        }
    }

    [TestMethod]
    [DataRow(SKEncodedImageFormat.Jpeg)]
    [DataRow(SKEncodedImageFormat.Png)]
    [DataRow(SKEncodedImageFormat.Webp)]
    public void DecodeImage_RandomlyBroken_DecodesOrThrowsAlexNetException(SKEncodedImageFormat format)
    {
        const int Seed = 20240229;
        var random = new Random(Seed);
        var whole = Pictures.Gradient(48, 32, format);
        var refused = 0;
        for (var round = 0; round < 400; round++)
        {
            var broken = Break(whole, random);
            try
            {
                PixelDecoder.DecodeImage(new MemoryStream(broken)).Dispose();
            }
            catch (AlexNetException)
            {
                refused++;
            }
            catch (Exception fault)
            {
                Assert.Fail($"Seed {Seed}, round {round}, {format}: {fault}");
            }
        }

        TestContext.WriteLine($"{format}, seed {Seed}: {refused} of 400 refused");
        Assert.IsGreaterThan(100, refused);
    }

    private static byte[] Break(byte[] whole, Random random)
    {
        var broken = whole[..(random.Next(3) == 0 ? random.Next(whole.Length) : whole.Length)];
        for (var flips = random.Next(broken.Length == whole.Length ? 1 : 0, 8); flips > 0 && broken.Length > 0; flips--)
        {
            broken[random.Next(broken.Length)] ^= (byte)(1 << random.Next(8));
        }

        return broken;
    }
}
