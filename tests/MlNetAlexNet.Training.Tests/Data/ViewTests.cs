using MlNetAlexNet.Training.Data;

namespace MlNetAlexNet.Training.Tests.Data;

[TestClass]
public sealed class ViewTests
{
    private const int Size = 40;
    private const int Side = 28;

    [TestMethod]
    public void Draw_PapersAugmentation_IsTheCropOfTheSameDraws()
    {
        var (one, other) = (new PictureRandom(1, 2, 3), new PictureRandom(1, 2, 3));
        Assert.AreEqual(
            Crop.Draw(Size, Side, ref one), View.Draw(Size, Side, new Augmentation(), ref other).Crop);
        Assert.AreEqual(
            Crop.TakeMiddle(Size, Side), View.Draw(Size, Side, Augmentation.None, ref other).Crop);
    }

    [TestMethod]
    public void Draw_WithLighting_DrawsItAfterAllElse()
    {
        var changes = new Augmentation { SmallestArea = 0.35, ColorJitter = 0.4, TrivialAugment = true, RandomErasing = 0.5 };
        foreach (var augmentation in (Augmentation[])[new(), Augmentation.None, changes])
        {
            var (dark, lit) = (Draw(augmentation), Draw(augmentation with { Lighting = 0.1 }));

            Assert.AreEqual(default, dark.Lighting);
            Assert.AreNotEqual(default, lit.Lighting);
            Assert.AreEqual(lit.Lighting, Draw(augmentation with { Lighting = 0.1 }).Lighting);
            CollectionAssert.AreEqual(Cut(dark), Cut(lit));
        }

        View Draw(Augmentation augmentation) => View.Draw(Size, Side, augmentation, seed: 1, epoch: 2, row: 3);

        byte[] Cut(View view)
        {
            var square = new byte[Side * Side * 3];
            view.Cut(Picture((x, y) => [(byte)(3 * x), (byte)(2 * y), (byte)(x + y)]), Size, square, Side);
            return square;
        }
    }

    // A ramp in x, y and x + y: linear interpolation gives it back exactly, wherever the rectangle lies.
    [TestMethod]
    public void Sample_RectangleOfARamp_IsTheRampInTheRectangle()
    {
        var picture = Picture((x, y) => [(byte)(3 * x), (byte)(2 * y), (byte)(x + y)]);
        var square = new byte[Side * Side * 3];
        Affine.FromRectangle(left: 5.5, top: 3.25, width: 21, height: 30, Side).Sample(picture, Size, square, Side);
        ForEach(square, (column, row, pixel) =>
        {
            var (x, y) = (5.5 + (column + 0.5) * 21 / Side - 0.5, 3.25 + (row + 0.5) * 30 / Side - 0.5);
            Assert.AreEqual(3 * x, pixel[0], 0.52);
            Assert.AreEqual(2 * y, pixel[1], 0.52);
            Assert.AreEqual(x + y, pixel[2], 0.52);
        });
    }

    [TestMethod]
    public void Sample_WholePixels_AreTheBytesOfTheCrop()
    {
        var random = new Random(1);
        var picture = Picture((_, _) => [(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)]);
        var (expected, square) = (new byte[Side * Side * 3], new byte[Side * Side * 3]);
        new Crop(Top: 7, Left: 2, IsMirrored: true).Cut(picture, Size, expected, Side);
        Affine.FromRectangle(2, 7, Side, Side, Side).Mirror(Side).Sample(picture, Size, square, Side);
        CollectionAssert.AreEqual(expected, square);
    }

    // A hair's breadth of a turn takes the general way, to the same bytes.
    [TestMethod]
    public void Sample_Upright_IsTheGeneralWay()
    {
        var random = new Random(6);
        var picture = Picture((_, _) => [(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)]);
        var (upright, any) = (new byte[Side * Side * 3], new byte[Side * Side * 3]);
        for (var i = 0; i < 100; i++)
        {
            var (width, height) = (5 + random.NextDouble() * 50, 5 + random.NextDouble() * 50); // beyond the picture, too
            var place = Affine.FromRectangle(random.NextDouble() * 10 - 5, random.NextDouble() * 10 - 5, width, height, Side);
            place = random.Next(2) == 0 ? place : place.Mirror(Side);
            place.Sample(picture, Size, upright, Side);
            (place with { XY = 1e-9 }).Sample(picture, Size, any, Side);
            CollectionAssert.AreEqual(any, upright);
        }
    }

    // A quarter turn about the centre takes the pixel that is as far above the centre to the right.
    [TestMethod]
    public void Change_QuarterTurn_TurnsThePixelsAboutTheCentre()
    {
        var random = new Random(1);
        var picture = Picture((_, _) => [(byte)random.Next(256), 0, 0]);
        var square = new byte[Size * Size * 3];
        Affine.FromRectangle(0, 0, Size, Size, Size).Change(0, 1, 0, -1, 0, 0, Size).Sample(picture, Size, square, Size);
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
            {
                var (x, y) = (row, Size - 1 - column);
                Assert.AreEqual(picture[(y * Size + x) * 3], square[(row * Size + column) * 3]);
            }
        }
    }

    // torchvision's formulas, one after the other, in doubles.
    [TestMethod]
    public void Apply_BrightnessContrastSaturation_AreTorchvisions()
    {
        var random = new Random(2);
        var pixels = Enumerable.Range(0, 300).Select(_ => (byte)random.Next(60, 180)).ToArray();
        var expected = pixels.Select(value => value * 1.1).ToArray();
        var mean = expected.Chunk(3).Average(Grey);
        expected = [.. expected.Select(value => 0.8 * value + 0.2 * mean)];
        expected = [.. expected.Chunk(3).SelectMany(rgb => rgb.Select(value => 1.3 * value - 0.3 * Grey(rgb)))];
        new ColorChange(Brightness: 1.1, Contrast: 0.8, Saturation: 1.3).Apply(pixels);
        for (var i = 0; i < pixels.Length; i++)
            Assert.AreEqual(expected[i], pixels[i], 0.55);

        static double Grey(double[] rgb) => 0.2989 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
    }

    [TestMethod]
    public void Draw_RandomResizedCrop_CoversTheAreasAndStaysInThePicture()
    {
        var augmentation = new Augmentation { SmallestArea = 0.25 };
        // Of a ramp, the span of a square's values is the rectangle's width and height.
        var picture = Picture((x, y) => [(byte)(x * 6), (byte)(y * 6), 0]);
        var square = new byte[Side * Side * 3];
        List<double> areas = [];
        for (var epoch = 1; epoch <= 300; epoch++)
        {
            var random = new PictureRandom(1, epoch, picture: 5);
            View.Draw(Size, Side, augmentation, ref random).Cut(picture, Size, square, Side);
            var (width, height) = (Span(square, 0), Span(square, 1));
            areas.Add(width * height);
            Assert.IsLessThan(1.5, Math.Max(width / height, height / width));
        }

        Assert.AreEqual(0.25, areas.Min(), 0.05);
        Assert.IsGreaterThan(0.9, areas.Max());
        Assert.AreEqual(0.6, areas.Average(), 0.05);

        static double Span(byte[] square, int channel)
        {
            var values = square.Where((_, i) => i % 3 == channel).ToList();
            return (values.Max() - values.Min()) / 6.0 * Side / (Side - 1) / Size;
        }
    }

    [TestMethod]
    public void Draw_EverythingAtOnce_IsAFunctionOfSeedEpochAndPicture()
    {
        var random = new Random(3);
        var picture = Picture((_, _) => [(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)]);
        var all = new Augmentation { SmallestArea = 0.35, ColorJitter = 0.4, TrivialAugment = true, RandomErasing = 0.5 };
        var seen = new HashSet<string>();
        for (var epoch = 1; epoch <= 200; epoch++)
        {
            CollectionAssert.AreEqual(Cut(epoch), Cut(epoch));
            seen.Add(Convert.ToHexString(Cut(epoch)));
        }

        Assert.HasCount(200, seen);

        byte[] Cut(int epoch)
        {
            var square = new byte[Side * Side * 3];
            var drawn = new PictureRandom(9, epoch, 4);
            View.Draw(Size, Side, all, ref drawn).Cut(picture, Size, square, Side);
            return square;
        }
    }

    [TestMethod]
    public void Paint_Erasure_CoversItsRectangleAndNoMore()
    {
        var square = Enumerable.Repeat((byte)7, Side * Side * 3).ToArray();
        new Erasure(Left: 0.25, Top: 0.5, Width: 0.5, Height: 0.25, Seed: 1).Paint(square, Side);
        ForEach(square, (column, row, pixel) =>
        {
            var isCovered = column is >= 7 and < 21 && row is >= 14 and < 21;
            if (!isCovered)
                Assert.IsTrue(pixel.SequenceEqual(new byte[] { 7, 7, 7 }), $"{column}, {row}");
        });
        Assert.AreEqual(14 * 7 * 3, square.Count(value => value != 7), 10);
    }

    [TestMethod]
    [DataRow((int)ChangeKind.Posterize, 1.0, new byte[] { 0x00, 0x40, 0x80, 0xC0 })]
    [DataRow((int)ChangeKind.Solarize, 0.5, new byte[] { 10, 100, 255 - 150, 255 - 250 })]
    [DataRow((int)ChangeKind.AutoContrast, 1.0, new byte[] { 0, 95, 148, 255 })]
    [DataRow((int)ChangeKind.Equalize, 1.0, new byte[] { 10, 100, 150, 250 })] // 4 pixels are too few to spread: as torchvision
    public void Paint_Tones_AreTorchvisions(int kind, double strength, byte[] expected)
    {
        byte[] values = [10, 100, 150, 250];
        var square = values.SelectMany(value => new[] { value, value, value }).ToArray();
        new TrivialChange((ChangeKind)kind, strength).Paint(square, side: 2);
        CollectionAssert.AreEqual(expected, square.Where((_, i) => i % 3 == 0).ToArray());
    }

    private static byte[] Picture(Func<int, int, byte[]> pixel) =>
        [.. from y in Enumerable.Range(0, Size) from x in Enumerable.Range(0, Size) from value in pixel(x, y) select value];

    private static void ForEach(byte[] square, Action<int, int, byte[]> visit)
    {
        for (var i = 0; i < Side * Side; i++)
            visit(i % Side, i / Side, square[(3 * i)..(3 * i + 3)]);
    }
}
