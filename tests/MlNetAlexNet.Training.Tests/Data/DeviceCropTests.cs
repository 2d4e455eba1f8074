using MlNetAlexNet.Training.Data;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Data;

/// <summary>What is done on a GPU, done with tensors on the CPU: by <see cref="Crop.Cut"/>, byte for byte.</summary>
[TestClass]
public sealed class DeviceCropTests
{
    [TestMethod]
    [DataRow(7, 4)]
    [DataRow(32, 28)]
    [DataRow(32, 32)]
    public void Cut_ManyPicturesAtDrawnPlaces_GivesTheBytesOfCrop(int size, int side)
    {
        const int count = 40;
        using var scope = NewDisposeScope();
        var pictures = new byte[count * size * size * 3];
        new Random(1).NextBytes(pictures);
        var places = Enumerable.Range(0, count).Select(picture =>
        {
            var random = new PictureRandom(1, 1, picture);
            return Crop.Draw(size, side, ref random);
        }).ToArray();
        Assert.HasCount(2, places.Select(place => place.IsMirrored).Distinct());

        var squares = DeviceCrop.Cut(
            tensor(pictures).reshape(count, size, size, 3),
            tensor(places.SelectMany(place => new long[] { place.Top, place.Left, place.IsMirrored ? 1 : 0 }).ToArray())
                .reshape(count, 3),
            side);

        CollectionAssert.AreEqual(new long[] { count, side, side, 3 }, squares.shape);
        var expected = new byte[count * side * side * 3];
        for (var i = 0; i < count; i++)
        {
            places[i].Cut(
                pictures.AsSpan(i * size * size * 3, size * size * 3), size,
                expected.AsSpan(i * side * side * 3, side * side * 3), side);
        }

        CollectionAssert.AreEqual(expected, squares.bytes.ToArray());
    }
}
