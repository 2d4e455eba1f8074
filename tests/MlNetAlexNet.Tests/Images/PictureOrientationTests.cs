using MlNetAlexNet.Images;
using MlNetAlexNet.Scoring;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Images;

/// <summary>Pictures lie as Pillow's <c>ImageOps.exif_transpose</c> lays them, whatever format and note says how.</summary>
[TestClass]
public sealed class PictureOrientationTests
{
    private static readonly byte[] s_upright = File.ReadAllBytes(Path.Combine(Expected.Orientation, "upright.png"));

    private static readonly string[] s_turned =
        [.. Directory.EnumerateFiles(Expected.Orientation).Where(file => char.IsAsciiDigit(Path.GetFileNameWithoutExtension(file)[^1]))];

    public static IEnumerable<object[]> Ways => s_turned
        .Select(file => (Path.GetFileName(file)[..^(2 + Path.GetExtension(file).Length)], Path.GetExtension(file)))
        .Distinct().Select(way => (object[])[way.Item1, way.Item2]);

    [TestMethod]
    [DynamicData(nameof(Ways))]
    public void DecodeImage_EveryOrientation_IsUpright(string way, string ending)
    {
        using var expected = PixelDecoder.DecodeImage(new MemoryStream(s_upright));
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            using var image = PixelDecoder.DecodeImage(FileOf(way, orientation, ending));

            Assert.AreEqual((expected.Width, expected.Height), (image.Width, image.Height), $"{orientation}");
            AssertNear(expected.Pixels, image.Pixels, ending, $"{orientation}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Ways))]
    public void Decode_EveryOrientation_IsTheSquareOfTheUpright(string way, string ending)
    {
        const int Side = 16; // the height, so that nothing is scaled
        var expected = PixelDecoder.Decode(s_upright, Side);
        for (var orientation = 1; orientation <= 8; orientation++)
            AssertNear(expected, PixelDecoder.Decode(FileOf(way, orientation, ending), Side), ending, $"{orientation}");
    }

    [TestMethod]
    public void Classify_EveryOrientation_GivesOnePrediction()
    {
        using var folder = new TemporaryFolder();
        using var classifier = ImageClassifier.Load(ColourModel.Save(folder.Path, ColourModel.Draw(folder.Path)));
        var expected = classifier.Classify(s_upright);
        foreach (var file in s_turned.Where(file => !file.EndsWith(".jpg", StringComparison.Ordinal)))
            CollectionAssert.AreEqual(expected.TopScores.ToArray(), classifier.Classify(file).TopScores.ToArray(), file);
    }

    [TestMethod]
    public void Read_EveryCutOfAFile_EndsWithoutAnError()
    {
        foreach (var file in s_turned.Where(file => Path.GetFileNameWithoutExtension(file)[^1] == '6'))
        {
            var bytes = File.ReadAllBytes(file);
            Assert.AreEqual(SKEncodedOrigin.RightTop, PictureOrientation.Read(bytes), file);
            for (var length = 0; length < bytes.Length; length++)
                PictureOrientation.Read(bytes.AsSpan(0, length));
        }
    }

    // Header, directory at 8, number of entries, tag 0x0112.
    [TestMethod]
    [DataRow("MM.*...H.1..", null, DisplayName = "beyond the end")]
    [DataRow("MM.*\xFF\xFF\xFF\xFF.1..", null, DisplayName = "far beyond the end")]
    [DataRow("MM.*...\x08\xFF\xFF", null, DisplayName = "more entries than bytes")]
    [DataRow("MM.*...\x08.\x01\x01\x12.\x03...\x01.\x06..", 6, DisplayName = "a short")]
    [DataRow("MM*....\x08.\x01\x01\x12.\x03...\x01.\x06..", 6, DisplayName = "the mark the wrong way round")]
    [DataRow("Exif..Exif..MM.*...\x08.\x01\x01\x12.\x03...\x01.\x06..", 6, DisplayName = "the name twice")]
    [DataRow("II*.\x08...\x01.\x12\x01\x04.\x01...\x06...", 6, DisplayName = "a long")]
    [DataRow("II*.\x08...\x01.\x12\x01\x02.\x01...6...", 0, DisplayName = "a text")]
    [DataRow("II+.\x08...\x01.\x12\x01\x04.\x01...\x06...", null, DisplayName = "no TIFF")]
    [DataRow("", null, DisplayName = "nothing")]
    public void FindInExif_AsWritten_IsTheTag(string exif, int? orientation) => Assert.AreEqual(
        orientation, PictureOrientation.FindInExif([.. exif.Select(letter => letter == '.' ? (byte)0 : (byte)letter)]));

    [TestMethod]
    [DataRow("tiff:Orientation=\"8\"", 8)]
    [DataRow("tiff:Orientation='8'", 8)]
    [DataRow("<tiff:Orientation>8</tiff:Orientation>", 8)]
    [DataRow("tiff:Orientation tiff:Orientation=\"3\"", 3)]
    [DataRow("exif:Orientation=\"8\"", null)]
    [DataRow("tiff:Orientation", null)]
    [DataRow("tiff:Orientation=", null)]
    [DataRow("tiff:Orientation=\"x\"", null)]
    public void FindInXmp_AsWritten_IsTheDigit(string xmp, int? orientation) =>
        Assert.AreEqual(orientation, PictureOrientation.FindInXmp(System.Text.Encoding.UTF8.GetBytes(xmp)));

    [TestMethod]
    [DataRow(0)]
    [DataRow(9)]
    [DataRow(255)]
    public void Read_NumberThatIsNone_LeavesThePictureAsItIs(int orientation) => Assert.AreEqual(
        SKEncodedOrigin.TopLeft,
        PictureOrientation.Read(Pictures.WithOrientation(Pictures.Gradient(8, 8, SKEncodedImageFormat.Jpeg), (byte)orientation)));

    private static string FileOf(string way, int orientation, string ending) =>
        Path.Combine(Expected.Orientation, $"{way}-{orientation}{ending}");

    private static void AssertNear(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string ending, string message)
    {
        var most = ending == ".jpg" ? 12 : 0;
        for (var i = 0; i < expected.Length; i++)
            Assert.IsLessThanOrEqualTo(most, Math.Abs(expected[i] - actual[i]), message);
    }
}
