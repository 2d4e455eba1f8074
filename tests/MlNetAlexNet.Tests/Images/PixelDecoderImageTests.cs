using System.Diagnostics;
using Microsoft.ML.Data;
using MlNetAlexNet.Images;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Images;

[TestClass]
public sealed class PixelDecoderImageTests
{
    // To open one waits for who writes to it.
    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void Decode_Pipe_IsRefusedAtOnce()
    {
        using var folder = new TemporaryFolder();
        var (pipe, link) = (Path.Combine(folder.Path, "pipe.jpg"), Path.Combine(folder.Path, "link.jpg"));
        using (var made = Process.Start("mkfifo", [pipe]))
            made.WaitForExit();
        File.CreateSymbolicLink(link, pipe);

        foreach (var path in (string[])[pipe, link])
        {
            var fault = Assert.ThrowsExactly<AlexNetException>(() => PixelDecoder.Decode(path)).Message;
            StringAssert.Contains(fault, $"'{path}' is empty, or no file with bytes of its own");
            Assert.ThrowsExactly<AlexNetException>(() => FingerprintedPictures.Read(path));
        }
    }

    private static readonly SKColor Orange = new(200, 100, 50);

    [TestMethod]
    [DataRow(SKEncodedImageFormat.Png, 0)]
    [DataRow(SKEncodedImageFormat.Webp, 3)]
    [DataRow(SKEncodedImageFormat.Jpeg, 3)]
    public void DecodeImage_FormatsSkiaWrites_GiveTheirColour(SKEncodedImageFormat format, int tolerance)
    {
        using var image = Decode(Pictures.Flat(5, 3, Orange, format));

        Assert.AreEqual((5, 3), (image.Width, image.Height));
        AssertColour(Orange, image, 4, 2, tolerance);
    }

    [TestMethod]
    public void DecodeImage_Bmp_GivesItsPixels()
    {
        using var image = Decode(Pictures.Bmp());

        AssertColour(SKColors.Red, image, 0, 0);
        AssertColour(SKColors.Blue, image, 1, 0);
    }

    [TestMethod]
    public void DecodeImage_AnimatedGif_GivesTheFirstFrame()
    {
        using var image = Decode(Pictures.AnimatedGif());

        AssertColour(SKColors.Red, image, 0, 0);
        AssertColour(SKColors.Red, image, 1, 1);
    }

    // Inverted ink times inverted black over 255: (200, 100, 50) x 128 / 255.
    [TestMethod]
    public void DecodeImage_CmykJpeg_MultipliesByBlack()
    {
        using var image = Decode(Pictures.FourComponentJpeg(0, 200, 100, 50, 128));

        AssertColour(new SKColor(100, 50, 25), image, 7, 7, tolerance: 1);
    }

    // Neutral chroma: each inverted ink is 255 - 55 = 200; times 128 / 255.
    [TestMethod]
    public void DecodeImage_YcckJpeg_ConvertsToInkFirst()
    {
        using var image = Decode(Pictures.FourComponentJpeg(2, 55, 128, 128, 128));

        AssertColour(new SKColor(100, 100, 100), image, 0, 0, tolerance: 1);
    }

    [TestMethod]
    public void DecodeImage_HalfTransparent_BlendsWithBlack()
    {
        using var image = Decode(Pictures.Flat(2, 2, Orange.WithAlpha(128), SKEncodedImageFormat.Png));

        AssertColour(new SKColor(100, 50, 25), image, 1, 1, tolerance: 1);
    }

    // EXIF 2.3, tag 0x0112: where the stored row 0 and the stored column 0 are in the upright picture.
    [TestMethod]
    [DataRow(1, "top", "left")]
    [DataRow(2, "top", "right")]
    [DataRow(3, "bottom", "right")]
    [DataRow(4, "bottom", "left")]
    [DataRow(5, "left", "top")]
    [DataRow(6, "right", "top")]
    [DataRow(7, "right", "bottom")]
    [DataRow(8, "left", "bottom")]
    public void DecodeImage_ExifOrientation_PlacesEveryPixel(int orientation, string rowZero, string columnZero)
    {
        const int Width = 40, Height = 24;
        var jpeg = Pictures.Gradient(Width, Height, SKEncodedImageFormat.Jpeg);
        using var stored = Decode(jpeg);
        using var upright = Decode(Pictures.WithOrientation(jpeg, (byte)orientation));

        Assert.AreEqual(orientation < 5 ? (Width, Height) : (Height, Width), (upright.Width, upright.Height));
        for (var row = 0; row < Height; row++)
        {
            for (var column = 0; column < Width; column++)
            {
                var at = new Dictionary<string, int>
                {
                    [Axis(rowZero)] = FromStart(rowZero) ? row : Height - 1 - row,
                    [Axis(columnZero)] = FromStart(columnZero) ? column : Width - 1 - column,
                };
                Assert.AreEqual(Pixel(stored, column, row), Pixel(upright, at["x"], at["y"]), $"{row}, {column}");
            }
        }

        static string Axis(string side) => side is "left" or "right" ? "x" : "y";
        static bool FromStart(string side) => side is "left" or "top";
    }

    [TestMethod]
    public void DecodeImage_File_EqualsStream()
    {
        using var folder = new TemporaryFolder();
        var png = Pictures.Gradient(17, 9, SKEncodedImageFormat.Png);
        using var file = PixelDecoder.DecodeImage(folder.Write("größe 写真.PNG", png));
        using var stream = Decode(png);

        Assert.IsTrue(file.Pixels.SequenceEqual(stream.Pixels));
    }

    [TestMethod]
    public void DecodeImage_TextNamedJpg_SaysItIsNoPicture()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(folder.Write("notes.jpg", [.. "shopping list: milk, bread"u8]), "by its content it is no JPEG");
    }

    [TestMethod]
    public void DecodeImage_EmptyFile_SaysItIsEmpty()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(folder.Write("a.jpg"), "is empty");
    }

    [TestMethod]
    public void DecodeImage_MissingFile_SaysItDoesNotExist()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(Path.Combine(folder.Path, "a.jpg"), "does not exist");
        AssertRefused(Path.Combine(folder.Path, "no folder", "a.jpg"), "does not exist");
    }

    [TestMethod]
    public void DecodeImage_Folder_SaysSo()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(folder.Path, "is a folder");
    }

    [TestMethod]
    public void DecodeImage_FileHeldByAnother_SaysItCannotBeRead()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.bmp", Pictures.Bmp());
        using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        AssertRefused(path, "cannot be read");
    }

    [TestMethod]
    [DataRow(SKEncodedImageFormat.Png)]
    [DataRow(SKEncodedImageFormat.Webp)]
    [DataRow(SKEncodedImageFormat.Jpeg)]
    public void DecodeImage_DataEndsEarly_IsRefusedInsteadOfGreyRows(SKEncodedImageFormat format)
    {
        using var folder = new TemporaryFolder();
        var whole = Pictures.Gradient(100, 100, format);
        AssertRefused(folder.Write("half.jpg", whole[..(whole.Length / 2)]), "ends too early");
        AssertRefused(folder.Write("nearly.jpg", whole[..(whole.Length * 9 / 10)]), "ends too early");
    }

    [TestMethod]
    public void DecodeImage_ClaimsTooManyPixels_IsRefusedBeforeMemoryIsTaken()
    {
        using var folder = new TemporaryFolder();
        var bomb = Pictures.AnimatedGif();
        bomb.AsSpan(6, 4).Fill(0xFF);                       // 65,535 x 65,535 pixels in 60 bytes
        AssertRefused(folder.Write("bomb.gif", bomb), "65535 x 65535");
    }

    private static MLImage Decode(byte[] encoded) => PixelDecoder.DecodeImage(new MemoryStream(encoded));

    private static void AssertRefused(string path, string reason)
    {
        var fault = Assert.ThrowsExactly<AlexNetException>(() => PixelDecoder.DecodeImage(path).Dispose());
        Assert.Contains($"'{path}'", fault.Message);
        Assert.Contains(reason, fault.Message);
    }

    private static void AssertColour(SKColor expected, MLImage image, int x, int y, int tolerance = 0)
    {
        var actual = Pixel(image, x, y);
        Assert.AreEqual(expected.Red, actual.Red, tolerance, $"red of {actual}");
        Assert.AreEqual(expected.Green, actual.Green, tolerance, $"green of {actual}");
        Assert.AreEqual(expected.Blue, actual.Blue, tolerance, $"blue of {actual}");
    }

    private static SKColor Pixel(MLImage image, int x, int y)
    {
        var pixel = image.Pixels.Slice(4 * ((y * image.Width) + x), 4);
        return image.PixelFormat == MLPixelFormat.Bgra32
            ? new SKColor(pixel[2], pixel[1], pixel[0])
            : new SKColor(pixel[0], pixel[1], pixel[2]);
    }
}
