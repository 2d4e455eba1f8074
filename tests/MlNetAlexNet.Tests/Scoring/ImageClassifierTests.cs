using System.Text;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Scoring;

[TestClass]
public sealed class ImageClassifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void ImageClassifier_Classes_AreInScoresOrder()
    {
        using var classifier = Load(out _);

        CollectionAssert.AreEqual(ColourModel.Classes, classifier.Classes.ToArray());
    }

    // Written before names were kept composed: what is predicted is one of Classes all the same.
    [TestMethod]
    public void Classify_NetworkWithDecomposedNames_PredictsItsClasses()
    {
        var (colours, path) = (ColourModel.Create(), Path.Combine(_folder.Path, "model.onnx"));
        ModelFile.Write(
            new TrainedModel(colours.Plan, colours.Weights, colours.Preprocessing, ["rxyzd", "green", "blue"], topK: 2), path);
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
        var accent = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("re\u0301d"));
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(text.Replace("rxyzd", accent, StringComparison.Ordinal)));

        using var classifier = ImageClassifier.Open(path, null, out _);

        Assert.AreEqual("r\u00e9d", classifier.Classes[0]);
        var red = classifier.Classify(ColourModel.Draw(_folder.Path)[1].ImagePath);
        Assert.AreEqual("r\u00e9d", red.PredictedLabel);
        Assert.AreEqual("r\u00e9d", red.TopLabels[0]);
    }

    [TestMethod]
    public void Classify_FileStreamAndImage_AgreeToTheBit()
    {
        using var classifier = Load(out var images);
        foreach (var image in images)
        {
            var file = classifier.Classify(image.ImagePath);
            using var stream = File.OpenRead(image.ImagePath);
            using var decoded = PixelDecoder.DecodeImage(image.ImagePath);

            CollectionAssert.AreEqual(file.Score, classifier.Classify(stream).Score);
            // Twice: a picture of 256 x 256 must not be disposed by the call after.
            CollectionAssert.AreEqual(file.Score, classifier.Classify(decoded).Score);
            CollectionAssert.AreEqual(file.Score, classifier.Classify(decoded).Score);
            Assert.AreEqual(file.TopLabels[0], file.PredictedLabel);
        }
    }

    [TestMethod]
    public void Classify_ZipThatPredictsKeys_NamesThem()
    {
        var images = ColourModel.Draw(_folder.Path);
        using var classifier = ImageClassifier.Load(ColourModel.Save(_folder.Path, images, namePrediction: false));

        Assert.AreEqual("blue", classifier.Classify(images[0].ImagePath).PredictedLabel);
    }

    [TestMethod]
    [DataRow(1, "red")]
    [DataRow(3, "blue")]
    public void Classify_ExifOrientation_TurnsThePicture(int orientation, string expected)
    {
        // Red left of column 128 and blue from there on: of the middle three columns, 126 to 128, two are red; turned
        // by 180 degrees (orientation 3) two are blue.
        using var classifier = Load(out _);
        using var bitmap = new SKBitmap(256, 256);
        bitmap.Erase(SKColors.Red);
        bitmap.Erase(SKColors.Blue, new SKRectI(128, 0, 256, 256));
        using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 100);
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, // APP1, big-endian TIFF, directory at 8
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, // one entry: 0x0112
        ];
        var path = Path.Combine(_folder.Path, "turned.jpg");
        File.WriteAllBytes(path, [.. jpeg.ToArray()[..2], .. exif, .. jpeg.ToArray()[2..]]);

        Assert.AreEqual(expected, classifier.Classify(path).PredictedLabel);
    }

    [TestMethod]
    public void Classify_NoPicture_ThrowsWithItsNameAfterAGoodOne()
    {
        using var classifier = Load(out var images);
        var bad = Path.Combine(_folder.Path, "bad.jpg");
        File.WriteAllText(bad, "no picture");

        Assert.AreEqual("blue", classifier.Classify(images[0].ImagePath).PredictedLabel);
        var fault = Assert.ThrowsExactly<AlexNetException>(() => classifier.Classify(bad));
        StringAssert.Contains(fault.Message, bad);
        Assert.AreEqual("green", classifier.Classify(images[2].ImagePath).PredictedLabel);
    }

    [TestMethod]
    public void Classify_FromManyThreads_GivesEachItsOwnAnswer()
    {
        using var classifier = Load(out var images);
        var expected = images.Select(image => image.ImagePath)
            .ToDictionary(path => path, path => classifier.Classify(path).PredictedLabel);
        var wrong = 0;

        var threads = Enumerable.Range(0, 8).Select(start => new Thread(() =>
        {
            for (var i = 0; i < 25; i++)
            {
                var path = images[(start + i) % images.Length].ImagePath;
                if (classifier.Classify(path).PredictedLabel != expected[path])
                    Interlocked.Increment(ref wrong);
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();

        Assert.AreEqual(0, wrong);
    }

    private ImageClassifier Load(out LabeledImage[] images)
    {
        images = ColourModel.Draw(_folder.Path);
        return ImageClassifier.Load(ColourModel.Save(_folder.Path, images));
    }
}
