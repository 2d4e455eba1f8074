using MlNetAlexNet.Explanation;
using MlNetAlexNet.Models;
using MlNetAlexNet.Scoring;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Explanation;

/// <summary>Overlays, by the pixels at places where the evidence is and is not.</summary>
[TestClass]
public sealed class OverlayTests : IDisposable
{
    private const int Side = 64;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The corner that the network looks at, in fractions of the picture: where the square's upper left sixteenth comes from.
    [TestMethod]
    [DataRow(ImageResizeMode.Squash, 400, 200, 0.1, 0.1)]
    [DataRow(ImageResizeMode.Crop, 400, 200, 0.25 + 0.05, 0.1)] // the middle half of the width
    [DataRow(ImageResizeMode.Crop, 200, 400, 0.1, 0.25 + 0.05)]
    public void DrawOverlay_WhitePicture_IsYellowAtTheCornerAlone(ImageResizeMode mode, int width, int height, double x, double y)
    {
        using var overlay = Draw(mode, ColourModel.Draw(_folder.Path, "white.png", SKColors.White, width, height));

        Assert.AreEqual((Math.Max(width, height), 512), (Math.Max(width, height), Math.Max(overlay.Width, overlay.Height)));
        Assert.AreEqual((double)width / height, (double)overlay.Width / overlay.Height, 0.01);
        Assert.IsTrue(IsYellow(At(overlay, x, y)), $"{At(overlay, x, y)}");
        Assert.IsFalse(IsYellow(At(overlay, 0.6, 0.6)), $"{At(overlay, 0.6, 0.6)}");
    }

    [TestMethod]
    public void DrawOverlay_WideCroppedPicture_DimsWhatIsNotSeen()
    {
        using var overlay = Draw(ImageResizeMode.Crop, ColourModel.Draw(_folder.Path, "white.png", SKColors.White, 400, 200));

        var (seen, unseen) = (At(overlay, 0.7, 0.9), At(overlay, 0.8, 0.9));
        Assert.IsLessThan(seen.Red / 2, (int)unseen.Red);
        Assert.AreEqual(unseen, At(overlay, 0.05, 0.1));
    }

    // Of a wide picture the upper left corner of the square is padding: nothing is there to hide.
    [TestMethod]
    public void DrawOverlay_PaddedPicture_HasNoPeak()
    {
        using var classifier = ImageClassifier.Load(CornerModel.Create(Side, ImageResizeMode.Pad));
        var map = new OcclusionExplainer(classifier).Explain(ColourModel.Draw(_folder.Path, "white.png", SKColors.White, 400, 200));
        using var overlay = SKBitmap.Decode(map.DrawOverlay());

        Assert.IsTrue(map.Values.All(value => Math.Abs(value) < 1e-3));
        Assert.AreEqual(At(overlay, 0.5, 0.5), At(overlay, 0.05, 0.05));
        Assert.AreEqual(new PictureRectangle(0, 0, 100, 0), map.FindPart(0, 0));
    }

    // Stored upside down: what people see at the lower right is stored at the upper left.
    [TestMethod]
    public void DrawOverlay_TurnedPicture_IsUpright()
    {
        using var bitmap = new SKBitmap(256, 256);
        bitmap.Erase(SKColors.Black);
        bitmap.Erase(SKColors.White, SKRectI.Create(192, 192, 64, 64));
        using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 100);
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 3, 0, 0, 0, 0, 0, 0,
        ];
        var path = Path.Combine(_folder.Path, "turned.jpg");
        File.WriteAllBytes(path, [.. jpeg.ToArray()[..2], .. exif, .. jpeg.ToArray()[2..]]);

        using var overlay = Draw(ImageResizeMode.Crop, path);

        Assert.IsTrue(IsYellow(At(overlay, 0.1, 0.1)), $"{At(overlay, 0.1, 0.1)}");
        Assert.IsFalse(IsYellow(At(overlay, 0.9, 0.9)), $"{At(overlay, 0.9, 0.9)}");
    }

    [TestMethod]
    public void DrawOverlay_EvidenceAgainst_IsBlue()
    {
        using var overlay = Draw(
            ImageResizeMode.Squash, CornerModel.DrawPicture(_folder.Path, 300, 300), new ExplanationOptions { Class = "dark" });

        var corner = At(overlay, 0.1, 0.1);
        Assert.IsGreaterThan(corner.Red + 30, (int)corner.Blue, $"{corner}");
    }

    [TestMethod]
    public void WriteOverlay_WhereAnotherFileStands_LeavesIt()
    {
        using var classifier = ImageClassifier.Load(CornerModel.Create(Side, ImageResizeMode.Crop));
        var picture = CornerModel.DrawPicture(_folder.Path, 100, 100);
        var map = new OcclusionExplainer(classifier).Explain(picture);
        var (other, own) = (Path.Combine(_folder.Path, "other.png"), Path.Combine(_folder.Path, "new", "own.png"));
        File.Copy(picture, other);
        var before = File.ReadAllBytes(other);

        var fault = Assert.ThrowsExactly<AlexNetException>(() => map.WriteOverlay(other));
        map.WriteOverlay(own);
        map.WriteOverlay(own);

        StringAssert.Contains(fault.Message, other);
        CollectionAssert.AreEqual(before, File.ReadAllBytes(other));
        CollectionAssert.AreEqual(map.DrawOverlay(), File.ReadAllBytes(own));
    }

    private static SKBitmap Draw(ImageResizeMode mode, string path, ExplanationOptions? options = null)
    {
        using var classifier = ImageClassifier.Load(CornerModel.Create(Side, mode));
        return SKBitmap.Decode(new OcclusionExplainer(classifier, (options ?? new ExplanationOptions()) with { Fill = OcclusionFill.Grey })
            .Explain(path).DrawOverlay());
    }

    private static SKColor At(SKBitmap bitmap, double x, double y) => bitmap.GetPixel((int)(x * bitmap.Width), (int)(y * bitmap.Height));

    private static bool IsYellow(SKColor colour) => colour.Red > colour.Blue + 60 && colour.Green > colour.Blue + 40;
}
