using MlNetAlexNet.Inspection;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Inspection;

[TestClass]
public sealed class PictureTraitsTests
{
    private static readonly byte[][] s_pictures =
    [
        Pictures.Gradient(20, 10, SKEncodedImageFormat.Jpeg), Pictures.Gradient(20, 10, SKEncodedImageFormat.Png),
        Pictures.Gradient(20, 10, SKEncodedImageFormat.Webp), Pictures.AnimatedGif(), Pictures.Bmp(), Pictures.FourComponentJpeg(0, 1, 2, 3, 4),
    ];

    [TestMethod]
    public void Read_EachFormat_IsKnownByItsContent() => CollectionAssert.AreEqual(
        (string[])["JPEG", "PNG", "WebP", "GIF", "BMP", "JPEG"], s_pictures.Select(file => PictureTraits.Read(file).Format).ToArray());

    // Their names say it: the sixth and seventh letters are the bits of a channel (PngSuite).
    [TestMethod]
    public void Read_PngSuite_TellsThoseOf16Bits()
    {
        foreach (var file in Directory.EnumerateFiles(Expected.PngSuite, "b*.png"))
            Assert.AreEqual(Path.GetFileName(file)[6..8] == "16", PictureTraits.Read(File.ReadAllBytes(file)).HasSixteenBits, file);
    }

    [TestMethod]
    [DataRow("a.JPG", 0, false)]
    [DataRow("a.jfif", 0, false)]
    [DataRow("a.png", 0, true)]
    [DataRow("a.png", 1, false)]
    [DataRow("a.jpeg", 1, true)]
    [DataRow("a.webp", 2, false)]
    [DataRow("a.tif", 3, true)]
    [DataRow("a.bmp", 4, false)]
    public void IsMisnamed_EndingOfAnotherFormat_IsTold(string name, int picture, bool isMisnamed) =>
        Assert.AreEqual(isMisnamed, PictureTraits.Read(s_pictures[picture]).IsMisnamed(name));

    // Of whatever bytes it neither throws nor loops.
    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = false)]
    public void Read_CutShortOrBroken_Ends()
    {
        var random = new Random(3);
        foreach (var picture in s_pictures)
        {
            for (var length = 0; length <= Math.Min(picture.Length, 600); length++)
                PictureTraits.Read(picture.AsSpan(0, length));

            for (var round = 0; round < 2000; round++)
            {
                var broken = picture.ToArray();
                for (var flips = 0; flips < 4; flips++)
                    broken[random.Next(broken.Length)] = (byte)random.Next(256);
                PictureTraits.Read(broken);
            }
        }
    }
}
