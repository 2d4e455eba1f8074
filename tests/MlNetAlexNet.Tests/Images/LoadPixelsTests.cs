using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetAlexNet.Images;
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

    // ML.NET's rounding: 61 x 256 / 61 in 32-bit floats is below 256.
    [TestMethod]
    [DataRow(61, 61, true)]
    [DataRow(789, 321, true)]
    [DataRow(400, 533, false)]
    [DataRow(1, 4000, false)]
    [DataRow(5000, 1, false)]
    public void LoadPixels_OddSizes_BlackenAtMostTheLastRowAndColumn(int width, int height, bool blackens)
    {
        using var folder = new TemporaryFolder();
        var pixels = Pixels(LoadPixels(), folder.Write("a.png", Orange(width, height))).Single();

        var black = Enumerable.Range(0, Side * Side).Where(i => pixels[3 * i] == 0).ToList();
        Assert.AreEqual(blackens, black.Count > 0);
        Assert.IsTrue(black.All(i => i % Side == Side - 1 || i / Side == Side - 1));
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
    public void LoadPixels_PredictionEngine_EqualsCursor()
    {
        string[] paths = [.. ClothingTest().Take(3)];
        using var model = LoadPixels();
        using var engine = ml.Model.CreatePredictionEngine<LabeledImage, PixelRow>(model);

        foreach (var (path, pixels) in paths.Zip(Pixels(model, paths)))
        {
            CollectionAssert.AreEqual(pixels, engine.Predict(new LabeledImage { ImagePath = path }).Pixels);
        }
    }

    [TestMethod]
    public void LoadPixels_BadPicture_ThrowsWhateverCameBefore()
    {
        using var folder = new TemporaryFolder();
        using var model = LoadPixels();
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
        using var model = LoadPixels();
        var zip = Path.Combine(folder.Path, "model.zip");
        ml.Model.Save(model, Rows().Schema, zip);

        var content = Content(zip);
        Assert.Contains("ImageLoaderTransform", content);
        Assert.Contains("Microsoft.ML.ImageAnalytics", content);
        Assert.DoesNotContain("MlNetAlexNet", content);

        // For pictures that need no turn the loaded chain gives the same bytes, transparent and odd ones too.
        using var loaded = (IDisposable)new MLContext().Model.Load(zip, out _);
        string[] paths =
        [
            .. ClothingTest().Take(20),
            .. Directory.GetFiles(Expected.PngSuite, "b*.png"),
            Path.Combine(Datasets.Hostile, "exif", "Portrait_1.jpg"),
        ];
        foreach (var (path, ours, stock) in paths.Zip(Pixels(model, paths), Pixels((ITransformer)loaded, paths)))
        {
            CollectionAssert.AreEqual(stock, ours, path);
        }
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
        Assert.HasCount(1, ImageDecoder.FindBad([cut]));

        byte[]? Predict(string path) => engine.Predict(new LabeledImage { ImagePath = path }).Pixels;
    }

    // ML.NET's rule for disposable columns: the getter disposes what it is handed and puts the next value there.
    [TestMethod]
    public void LoadUprightImages_NextRow_DisposesThePictureHandedBack()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.png", Orange(20, 10));
        var view = ml.Transforms.LoadUprightImages().Fit(Rows()).Transform(Rows(path, path));
        using var cursor = view.GetRowCursor([view.Schema["Image"]]);
        var getImage = cursor.GetGetter<MLImage>(view.Schema["Image"]);
        MLImage image = null!;
        cursor.MoveNext();
        getImage(ref image);
        var first = image;
        cursor.MoveNext();
        getImage(ref image);
        using (image)
        {
            Assert.AreEqual((20, 10), (image.Width, image.Height));
            Assert.Throws<InvalidOperationException>(() => first.Width);
        }
    }

    // 713 pictures of 400 x 533 pixels are 610 MB decoded, as much again resized and extracted.
    [TestMethod]
    public void LoadPixels_ManyPictures_MemoryStaysBounded()
    {
        var folder = ImageFolder.Open(Datasets.Clothing);
        string[] paths = [.. folder.Validation.Concat(folder.Test).Select(image => image.ImagePath)];
        using var model = LoadPixels();
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

    private static IEnumerable<string> ClothingTest() =>
        ImageFolder.Labeled(Path.Combine(Datasets.Clothing, "test")).Select(image => image.ImagePath);

    private TransformerChain<ImagePixelExtractingTransformer> LoadPixels(int side = Side) =>
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
