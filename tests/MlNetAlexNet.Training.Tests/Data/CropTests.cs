using MlNetAlexNet.Training.Data;

namespace MlNetAlexNet.Training.Tests.Data;

[TestClass]
public sealed class CropTests
{
    // 4 x 4 pixels; the pixel in row r and column c is (10 r + c, 100, 200).
    private static readonly byte[] Picture =
        [.. Enumerable.Range(0, 16).SelectMany(i => new[] { (byte)(i / 4 * 10 + i % 4), (byte)100, (byte)200 })];

    [TestMethod]
    public void Cut_WithoutRandom_TakesTheMiddleAsItIs()
    {
        var target = new byte[2 * 2 * 3];
        Crop.Cut(Picture, 4, target, 2, random: null);
        CollectionAssert.AreEqual(new byte[] { 11, 100, 200, 12, 100, 200, 21, 100, 200, 22, 100, 200 }, target);
    }

    [TestMethod]
    public void Cut_WithRandom_GivesEveryPlaceAndItsMirrorAndNothingElse()
    {
        var random = new Random(1);
        var seen = new HashSet<string>();
        for (var i = 0; i < 1000; i++)
        {
            var target = new byte[2 * 2 * 3];
            Crop.Cut(Picture, 4, target, 2, random);
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
}
