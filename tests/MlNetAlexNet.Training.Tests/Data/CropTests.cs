using MlNetAlexNet.Training.Data;

namespace MlNetAlexNet.Training.Tests.Data;

[TestClass]
public sealed class CropTests
{
    // 4 x 4 pixels; the pixel in row r and column c is (10 r + c, 100, 200).
    private static readonly byte[] Picture =
        [.. Enumerable.Range(0, 16).SelectMany(i => new[] { (byte)(i / 4 * 10 + i % 4), (byte)100, (byte)200 })];

    [TestMethod]
    public void Cut_TheMiddle_IsAsItIs()
    {
        var target = new byte[2 * 2 * 3];
        Crop.TakeMiddle(4, 2).Cut(Picture, 4, target, 2);
        CollectionAssert.AreEqual(new byte[] { 11, 100, 200, 12, 100, 200, 21, 100, 200, 22, 100, 200 }, target);
    }

    [TestMethod]
    public void Draw_ManyPictures_GivesEveryPlaceAndItsMirrorAndNothingElse()
    {
        var seen = new HashSet<string>();
        for (var picture = 0; picture < 1000; picture++)
        {
            var random = new PictureRandom(1, 1, picture);
            var target = new byte[2 * 2 * 3];
            Crop.Draw(4, 2, ref random).Cut(Picture, 4, target, 2);
            CollectionAssert.AreEqual(new byte[] { 100, 200 }, target[1..3]);
            seen.Add($"{target[0]},{target[3]},{target[6]},{target[9]}");
        }

        var expected = from top in Enumerable.Range(0, 3)
                       from left in Enumerable.Range(0, 3)
                       let a = top * 10 + left
                       from place in new[] { $"{a},{a + 1},{a + 10},{a + 11}", $"{a + 1},{a},{a + 11},{a + 10}" }
                       select place;
        CollectionAssert.AreEquivalent(expected.ToArray(), seen.ToArray());
    }

    [TestMethod]
    public void Draw_APicture_TakesThreeDrawsInAFixedOrder()
    {
        // 2^64 times 0.350, 0.174, 0.532, then 0.249.
        var random = new PictureRandom(1234567);

        Assert.AreEqual(new Crop(Top: 3, Left: 1, IsMirrored: true), Crop.Draw(size: 28, side: 19, ref random));
        Assert.AreEqual(24, random.Next(100));
    }
}
