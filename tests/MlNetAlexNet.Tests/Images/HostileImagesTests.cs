using Microsoft.ML.Data;
using MlNetAlexNet.Images;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Images;

/// <summary>Pictures made to break decoders, and pictures broken by chance: decoded or named, nothing else.</summary>
[TestClass]
public sealed class HostileImagesTests
{
    public required TestContext TestContext { get; set; }

    private static string[] All =>
    [
        .. Directory.EnumerateFiles(Datasets.Hostile, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path) is ".jpg" or ".png")
            .Order(StringComparer.Ordinal),
    ];

    [TestMethod]
    public void FindBad_EveryHostilePicture_IsDecodedOrNamed()
    {
        var all = All;
        Assert.HasCount(295, all);

        var bad = DecodablePictures.FindBad(all, TestContext.CancellationToken);

        foreach (var image in bad)
        {
            Assert.Contains(image.Path, image.Reason);
        }

        var refused = bad.Select(image => image.Path).ToHashSet();
        TestContext.WriteLine($"{all.Length - refused.Count} decoded, {refused.Count} refused");
        var suite = all.Where(path => path.Contains("pngsuite")).ToLookup(path => Path.GetFileName(path)[0] == 'x');
        Assert.HasCount(14, suite[true].Where(refused.Contains), "every corrupt PNG of the suite is refused");
        Assert.IsEmpty(suite[false].Where(refused.Contains), "every sound PNG of the suite is decoded");
    }

    [TestMethod]
    public void DecodeImage_PictureWithoutTurn_EqualsMLNetByteForByte()
    {
        var all = All;
        var bad = DecodablePictures.FindBad(all, TestContext.CancellationToken).Select(image => image.Path);
        var turned = all.Where(path => path.Contains("Portrait_") && Path.GetFileName(path)[9] >= '2');
        foreach (var path in all.Except(bad).Except(turned))
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
