using System.Text;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Models;

[TestClass]
public sealed class PictureFingerprintTests
{
    // FIPS 180-4's example: SHA-256 of "abc" begins ba7816bf 8f01cfea.
    private const ulong OfAbc = 0xEACF018FBF1678BA;

    [TestMethod]
    public void Compute_BytesOrStream_IsTheStandardsFirst64Bits()
    {
        var abc = Encoding.ASCII.GetBytes("abc");

        Assert.AreEqual(OfAbc, PictureFingerprint.Compute(abc).Value);
        Assert.AreEqual(OfAbc, PictureFingerprint.Compute(new MemoryStream(abc)).Value);
    }

    [TestMethod]
    public void Collect_OneTwice_KeepsItOnceAndFindsIt()
    {
        var set = PictureFingerprints.Collect([new(7), new(ulong.MaxValue), new(7), new(0)]);

        Assert.AreEqual(3, set.Count);
        Assert.IsTrue(set.Contains(new(7)) && set.Contains(new(0)) && set.Contains(new(ulong.MaxValue)));
        Assert.IsFalse(set.Contains(new(8)));
    }

    [TestMethod]
    public void Read_BytesOfASet_GivesItBack()
    {
        var set = PictureFingerprints.Collect([new(3), new(1)]).Union(PictureFingerprints.Collect([new(2), new(3)]));

        var bytes = set.ToBytes();

        CollectionAssert.AreEqual(
            new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0 }, bytes);
        var read = PictureFingerprints.Read(bytes);
        Assert.IsTrue(read.Count == 3 && read.Contains(new(2)));
    }

    [TestMethod]
    public void Read_PartOfANumber_IsRefused() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => PictureFingerprints.Read(new byte[9])).Message, "9 bytes");
}
