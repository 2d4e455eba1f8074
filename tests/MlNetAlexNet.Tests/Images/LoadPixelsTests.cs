using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Images;

[TestClass]
public sealed class LoadPixelsTests
{
    private const int Side = 256;

    private readonly MLContext ml = new(seed: 1);

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void LoadPixels_FlatPicture_GivesRedGreenBlue()
    {
        using var folder = new TemporaryFolder();
        var pixels = Pixels(LoadPixels(), folder.Write("a.png", Orange(300, 400))).Single();

        for (var i = 0; i < pixels.Length; i += 3)
        {
            CollectionAssert.AreEqual((byte[])[200, 100, 50], pixels[i..(i + 3)]);
        }
    }

    [TestMethod]
    public void LoadPixels_Schema_IsBytesOfHeightWidthChannels()
    {
        var chain = ml.Transforms.LoadPixels(imageSize: 64);
        var schema = chain.Fit(Rows()).Transform(Rows()).Schema;

        Assert.AreEqual("Vector<Byte, 64, 64, 3>", schema["Pixels"].Type.ToString());
        Assert.AreEqual("Image<64, 64>", schema["Image"].Type.ToString());
    }

    // In the first two sizes ML.NET's rounding leaves the last column or row black: 61 x 256 / 61 in 32-bit floats is
    // below 256.
    [TestMethod]
    [DataRow(61, 61)]
    [DataRow(789, 321)]
    [DataRow(400, 533)]
    [DataRow(1, 4000)]
    [DataRow(5000, 1)]
    public void LoadPixels_OddSizes_FillTheSquare(int width, int height)
    {
        using var folder = new TemporaryFolder();
        var pixels = Pixels(LoadPixels(), folder.Write("a.png", Orange(width, height))).Single();

        for (var i = 0; i < pixels.Length; i += 3)
        {
            CollectionAssert.AreEqual((byte[])[200, 100, 50], pixels[i..(i + 3)], $"pixel {i / 3}");
        }
    }

    [TestMethod]
    public void LoadPixels_NinePortraits_DifferByResamplingOnly()
    {
        var portraits = Path.Combine(Datasets.Hostile, "exif");
        var pixels = Pixels(
            LoadPixels(), [.. Enumerable.Range(0, 9).Select(i => Path.Combine(portraits, $"Portrait_{i}.jpg"))]);

        for (var i = 1; i < 9; i++)
        {
            var difference = pixels[0].Zip(pixels[i], (a, b) => Math.Abs(a - b)).ToList();
            TestContext.WriteLine($"orientation {i}: mean {difference.Average():F3}, largest {difference.Max()}");
            Assert.IsLessThan(1.5, difference.Average(), $"orientation {i}");
        }
    }

    [TestMethod]
    public void LoadPixels_ImageColumn_IsTheSameSquareUpright()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(
            "turned.jpg", Pictures.WithOrientation(Pictures.Gradient(90, 60, SKEncodedImageFormat.Jpeg), 6));
        var model = LoadPixels(side: 32);
        var view = model.Transform(Rows(path, path));

        foreach (var image in view.GetColumn<MLImage>("Image"))
        {
            using (image)
                CollectionAssert.AreEqual(Pixels(model, path).Single(), PixelDecoder.Decode(image, 32));
        }
    }

    [TestMethod]
    public void LoadPixels_SizeOfNothing_IsRefused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ml.Transforms.LoadPixels(0));

    [TestMethod]
    [DataRow(ImageResizeMode.Crop)]
    [DataRow(ImageResizeMode.Squash)]
    [DataRow(ImageResizeMode.Pad)]
    public void LoadPixels_OfEachMode_GivesItsSquaresAndSaysSo(ImageResizeMode mode)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.png", Pictures.Gradient(90, 40, SKEncodedImageFormat.Png));
        var model = ml.Transforms.LoadPixels(16, mode).Fit(Rows());
        var view = ml.Data.Cache(ml.Transforms.CopyColumns("Copy", "Label").Fit(Rows()).Transform(model.Transform(Rows(path))));

        CollectionAssert.AreEqual(PixelDecoder.Decode(path, 16, mode), view.GetColumn<byte[]>("Pixels").Single());
        Assert.AreEqual(mode, ResizeModeAnnotation.Read(view.Schema["Pixels"]));
        Assert.IsNull(ResizeModeAnnotation.Read(view.Schema["Label"]));
    }

    [TestMethod]
    public void LoadPixels_BadPicture_ThrowsWhateverCameBefore()
    {
        using var folder = new TemporaryFolder();
        var model = LoadPixels();
        using var engine = ml.Model.CreatePredictionEngine<LabeledImage, PixelRow>(model);
        var good = new LabeledImage { ImagePath = folder.Write("good.png", Orange(20, 20)) };
        var bad = new LabeledImage { ImagePath = folder.Write("bad.png", Orange(20, 20)[..60]) };

        Assert.IsNotNull(engine.Predict(good).Pixels);
        Assert.Contains(bad.ImagePath, Assert.ThrowsExactly<AlexNetException>(() => engine.Predict(bad)).Message);
        Assert.ThrowsExactly<AlexNetException>(() => engine.Predict(new LabeledImage()));
        Assert.IsNotNull(engine.Predict(good).Pixels);
        var rows = Assert.Throws<InvalidOperationException>(() => Pixels(model, good.ImagePath, bad.ImagePath));
        Assert.IsInstanceOfType<AlexNetException>(rows.InnerException);
    }

    [TestMethod]
    public void LoadPixels_Saved_IsMLNetsOwnLoader()
    {
        using var folder = new TemporaryFolder();
        var model = LoadPixels();
        var zip = Path.Combine(folder.Path, "model.zip");
        ml.Model.Save(model, Rows().Schema, zip);

        var content = Content(zip);
        Assert.Contains("ImageLoaderTransform", content);
        Assert.Contains("Microsoft.ML.ImageAnalytics", content);
        Assert.DoesNotContain("MlNetAlexNet", content);
    }

    // What an app with Microsoft's packages alone gets from the zip: the limits that README and the docs name.
    [TestMethod]
    public void LoadPixels_LoadedZip_RefusesBadPicturesButTakesCutOnes()
    {
        using var folder = new TemporaryFolder();
        var zip = Path.Combine(folder.Path, "model.zip");
        ml.Model.Save(LoadPixels(), Rows().Schema, zip);
        using var engine = ml.Model.CreatePredictionEngine<LabeledImage, PixelRow>(ml.Model.Load(zip, out _));
        var jpeg = Pictures.Gradient(200, 200, SKEncodedImageFormat.Jpeg);

        var cut = folder.Write("cut.jpg", jpeg[..(jpeg.Length / 2)]);

        Assert.Throws<ArgumentException>(() => Predict(folder.Write("empty.jpg")));
        Assert.Throws<ArgumentException>(() => Predict(folder.Write("text.jpg", [1, 2, 3])));
        Assert.Throws<FileNotFoundException>(() => Predict(Path.Combine(folder.Path, "missing.jpg")));
        Assert.IsNotNull(Predict(cut));
        Assert.HasCount(1, DecodablePictures.FindBad([cut]));

        byte[]? Predict(string path) => engine.Predict(new LabeledImage { ImagePath = path }).Pixels;
    }

    // 713 pictures of 300 x 400 pixels are 340 MB decoded, half as much again as squares.
    [TestMethod]
    public void LoadPixels_ManyPictures_MemoryStaysBounded()
    {
        var folder = ImageFolder.Open(Datasets.Clothing);
        string[] paths = [.. folder.Validation.Concat(folder.Test).Select(image => image.ImagePath)];
        var model = LoadPixels();
        Read(paths.Take(100));
        var before = WorkingSetMegabytes();

        Read(paths);

        var grown = WorkingSetMegabytes() - before;
        TestContext.WriteLine($"{paths.Length} pictures: {before} MB before, grown by {grown} MB");
        Assert.IsLessThan(150, grown);

        void Read(IEnumerable<string> some)
        {
            var view = model.Transform(Rows([.. some]));
            using var cursor = view.GetRowCursor([view.Schema["Pixels"]]);
            var getPixels = cursor.GetGetter<VBuffer<byte>>(view.Schema["Pixels"]);
            VBuffer<byte> pixels = default;
            while (cursor.MoveNext())
            {
                getPixels(ref pixels);
            }
        }
    }

    private static long WorkingSetMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 >> 20;
    }

    private static byte[] Orange(int width, int height) =>
        Pictures.Flat(width, height, new SKColor(200, 100, 50), SKEncodedImageFormat.Png);

    private static string Content(string zip)
    {
        using var archive = ZipFile.OpenRead(zip);
        var content = new StringBuilder();
        foreach (var entry in archive.Entries)
        {
            using var reader = new StreamReader(entry.Open(), Encoding.Latin1);
            content.Append(entry.FullName).Append(reader.ReadToEnd().Replace("\0", "", StringComparison.Ordinal));
        }

        return content.ToString();
    }

    private ITransformer LoadPixels(int side = Side) =>
        ml.Transforms.LoadPixels(side).Fit(Rows());

    private IDataView Rows(params string[] paths) =>
        ml.Data.LoadFromEnumerable(paths.Select(path => new LabeledImage { ImagePath = path }));

    private List<byte[]> Pixels(ITransformer model, params string[] paths) =>
        [.. model.Transform(Rows(paths)).GetColumn<byte[]>("Pixels")];

    private sealed class PixelRow
    {
        [VectorType(Side, Side, 3)]
        public byte[]? Pixels { get; set; }
    }
}
