using System.Buffers.Binary;
using Microsoft.ML;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Scoring;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Images;

[TestClass]
public sealed class PixelLimitTests : IDisposable
{
    private const int Width = 30;
    private const int Height = 20;

    private readonly TemporaryFolder _folder = new();
    private readonly string _picture;

    public PixelLimitTests() =>
        _picture = _folder.Write("a.png", Pictures.Flat(Width, Height, SKColors.Green, SKEncodedImageFormat.Png));

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Decode_NothingSaid_100MillionAreTheMost()
    {
        var gif = Pictures.AnimatedGif();
        BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(6), 10_001);
        BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(8), 10_000);

        var fault = Assert.ThrowsExactly<AlexNetException>(() => PixelDecoder.Decode(gif, 4));

        StringAssert.Contains(fault.Message, "is 10001 x 10000 pixels. At most 100,000,000 pixels");
    }

    [TestMethod]
    public void Decode_AsManyPixelsAsAllowed_IsDecoded() =>
        Assert.HasCount(3 * 4 * 4, PixelDecoder.Decode(_picture, 4, maximumPixels: Width * Height));

    [TestMethod]
    public void Decode_OnePixelMore_IsRefusedByNameWithTheOption()
    {
        var fault = Assert.ThrowsExactly<AlexNetException>(
            () => PixelDecoder.Decode(_picture, 4, maximumPixels: (Width * Height) - 1));

        Assert.AreEqual(
            $"The picture '{_picture}' is 30 x 20 pixels. At most 599 pixels are decoded: scale it down first, or set MaximumPixels higher.",
            fault.Message);
        Assert.AreEqual("MaximumPixels", fault.Option);
    }

    // The larger sides of a JPEG are left out as it is decoded; it is refused all the same.
    [TestMethod]
    public void FindBad_AndLoadPixels_TakeTheLimit()
    {
        var jpeg = _folder.Write("b.jpg", Pictures.Gradient(2000, 1000, SKEncodedImageFormat.Jpeg));
        var ml = new MLContext();
        var rows = ml.Data.LoadFromEnumerable([new LabeledImage { ImagePath = jpeg }]);

        Assert.IsEmpty(DecodablePictures.FindBad([jpeg], maximumPixels: 2_000_000));
        Assert.HasCount(1, DecodablePictures.FindBad([jpeg], maximumPixels: 1_999_999));
        Assert.HasCount(1, Read(2_000_000));
        var fault = Assert.Throws<Exception>(() => Read(1_999_999));
        StringAssert.Contains(fault.ToString(), "At most 1,999,999 pixels");

        List<byte[]> Read(long most)
        {
            var pixels = ml.Transforms.LoadPixels(8, maximumPixels: most).Fit(rows).Transform(rows);
            return [.. ml.Data.CreateEnumerable<PixelsRow>(pixels, reuseRowObject: false).Select(row => row.Pixels!)];
        }
    }

    [TestMethod]
    public void Classify_LimitOfTheOptions_IsTaken()
    {
        using var classifier = ImageClassifier.Load(Model(), new ScoringOptions { MaximumPixels = 599 });

        StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => classifier.Classify(_picture)).Message, "At most 599");
        using var stream = File.OpenRead(_picture);
        Assert.ThrowsExactly<AlexNetException>(() => classifier.Classify(stream));
        Assert.IsNotNull(classifier.TryClassifyMany([_picture], TestContext.CancellationToken).Single().Fault);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-1)]
    [DataRow(500_000_001)]
    public void Options_LimitOutOfRange_AreRefused(long most)
    {
        var message = $"MaximumPixels is {most}; it must be at least 1 and at most 500000000.";

        var scoring = Assert.ThrowsExactly<AlexNetException>(
            () => ImageClassifier.Load("not there.zip", new ScoringOptions { MaximumPixels = most }));
        Assert.AreEqual(message, scoring.Message);
        CollectionAssert.Contains(
            new QuantizationOptions { Model = "a", Output = "b", MaximumPixels = most }.ListFaults().ToArray(), message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PixelDecoder.Decode(_picture, 4, maximumPixels: most));
    }

    private static TrainedModel Model() => TinyModel.Of(
        new Sequential(TensorShape.Image(4, 4, 3)) { new Flatten(), new Dense(2, Activation.Softmax) }, imageSize: 4, seed: 1);

    public TestContext TestContext { get; set; } = null!;

    private sealed class PixelsRow
    {
        [Microsoft.ML.Data.VectorType(8, 8, 3)]
        public byte[]? Pixels { get; set; }
    }
}
