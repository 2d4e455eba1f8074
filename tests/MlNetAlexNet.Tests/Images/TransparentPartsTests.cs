using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Images;
using MlNetAlexNet.Inspection;
using MlNetAlexNet.Models;
using MlNetAlexNet.Scoring;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Images;

/// <summary>A picture has transparent parts if a pixel of it is not opaque, whatever its header allows.</summary>
[TestClass]
public sealed class TransparentPartsTests
{
    private static readonly SKColor s_half = SKColors.Red.WithAlpha(128);

    [TestMethod]
    [DataRow("basn6a08.png", true, DisplayName = "colours and alpha")]
    [DataRow("basn4a16.png", true, DisplayName = "grey and alpha")]
    [DataRow("tbwn3p08.png", true, DisplayName = "palette and tRNS")]
    [DataRow("tbrn2c08.png", true, DisplayName = "one colour by tRNS")]
    [DataRow("tp0n3p08.png", false, DisplayName = "palette alone")]
    [DataRow("basn2c08.png", false, DisplayName = "colours alone")]
    public void Decode_PngSuite_TellsThoseWithTransparentPixels(string name, bool expected) =>
        Assert.AreEqual(expected, IsTransparent(File.ReadAllBytes(Path.Combine(Expected.PngSuite, name))));

    [TestMethod]
    public void Decode_OtherFormats_TellThoseWithTransparentPixels()
    {
        Assert.IsTrue(IsTransparent(Pictures.Flat(9, 9, s_half, SKEncodedImageFormat.Png)));
        Assert.IsFalse(IsTransparent(Pictures.Flat(9, 9, SKColors.Red, SKEncodedImageFormat.Png)), "alpha, but none used");
        Assert.IsTrue(IsTransparent(Pictures.Flat(9, 9, s_half, SKEncodedImageFormat.Webp)));
        Assert.IsFalse(IsTransparent(Pictures.Flat(9, 9, SKColors.Red, SKEncodedImageFormat.Webp)));
        Assert.IsFalse(IsTransparent(Pictures.Flat(9, 9, SKColors.Red, SKEncodedImageFormat.Jpeg)));
        Assert.IsFalse(IsTransparent(Pictures.AnimatedGif()));
        Assert.IsTrue(IsTransparent(WithTransparentRed(Pictures.AnimatedGif())));
    }

    [TestMethod]
    public void EvaluateAndInspect_CountThem()
    {
        using var folder = new TemporaryFolder();
        var images = ColourModel.Draw(folder.Path);
        using var classifier = ImageClassifier.Load(ColourModel.Save(folder.Path, images));
        var half = folder.Write("data/red/half.png", Pictures.Flat(9, 9, s_half, SKEncodedImageFormat.Png));
        folder.Write("data/blue/whole.png", Pictures.Flat(9, 9, SKColors.Blue, SKEncodedImageFormat.Png));

        var evaluation = ModelEvaluation.Evaluate(classifier, [.. images, new LabeledImage { ImagePath = half, Label = "red" }]);
        var found = FolderInspection.Inspect(Path.Combine(folder.Path, "data")).Findings;

        Assert.AreEqual(1, evaluation.Transparent);
        Assert.AreEqual("red/half.png", found.Single(finding => finding.Kind == FindingKind.Transparent).Paths.Single());
    }

    // A graphic control extension (GIF89a, section 23) before the first frame.
    private static byte[] WithTransparentRed(byte[] gif)
    {
        const int Start = 13 + 12; // header and palette of four
        return [.. gif[..Start], 0x21, 0xF9, 4, 1, 0, 0, 1, 0, .. gif[Start..]];
    }

    private static bool IsTransparent(byte[] picture)
    {
        var form = PictureForm.Default;
        return PixelDecoder.Decode(picture, PixelDecoder.InMemory, form, new byte[form.Bytes], DecodeBounds.Default);
    }
}
