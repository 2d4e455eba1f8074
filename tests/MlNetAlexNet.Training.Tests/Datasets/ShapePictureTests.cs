using MlNetAlexNet.Training.Datasets;
using SkiaSharp;

namespace MlNetAlexNet.Training.Tests.Datasets;

[TestClass]
public sealed class ShapePictureTests
{
    [TestMethod]
    public void Draw_AnyClassFromOneSeed_DiffersInTheOutlineAlone()
    {
        const int Seed = 7;
        using var disc = Picture("disc", Seed);
        foreach (var name in ShapeOutline.ByName.Keys.Except(["disc"]))
        {
            using var other = Picture(name, Seed);
            var differing =
                (from y in Enumerable.Range(0, ShapePicture.Side)
                 from x in Enumerable.Range(0, ShapePicture.Side)
                 where other.GetPixel(x, y) != disc.GetPixel(x, y)
                 select double.Hypot(x - 128, y - 128)).ToList();

            Assert.IsNotEmpty(differing, name);
            // A square's corner reaches 1.13 of the largest radius, 95, and the shift is at most 18 both ways.
            Assert.IsLessThan(134, differing.Max(), name);
            if (name is not ("ring" or "crescent"))
            {
                Assert.AreEqual(disc.GetPixel(128, 128), other.GetPixel(128, 128), name);
            }
        }
    }

    private static SKBitmap Picture(string name, int seed)
    {
        using var outline = ShapeOutline.ByName[name]();
        return ShapePicture.Draw(outline, new Random(seed));
    }
}
