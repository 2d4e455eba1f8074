using MlNetAlexNet.Images;

namespace MlNetAlexNet.Tests.Images;

[TestClass]
public sealed class DecodablePicturesTests
{
    [TestMethod]
    public void FindBad_MixedPictures_ListsTheBadInTheOrderGiven()
    {
        using var folder = new TemporaryFolder();
        var good = folder.Write("good.bmp", Pictures.Bmp());
        string[] bad =
            [folder.Write("z.jpg"), Path.Combine(folder.Path, "missing.jpg"), folder.Write("b.png", [1, 2, 3])];

        var found = DecodablePictures.FindBad([bad[0], .. Enumerable.Repeat(good, 50), bad[1], good, bad[2]]);

        CollectionAssert.AreEqual(bad, found.Select(image => image.Path).ToArray());
        foreach (var image in found)
        {
            Assert.Contains(image.Path, image.Reason);
        }
    }

    [TestMethod]
    public void FindBad_Cancelled_Throws()
    {
        using var folder = new TemporaryFolder();
        var paths = Enumerable.Repeat(folder.Write("good.bmp", Pictures.Bmp()), 100);
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.ThrowsExactly<OperationCanceledException>(() => DecodablePictures.FindBad(paths, cancellationToken: source.Token));
    }
}
