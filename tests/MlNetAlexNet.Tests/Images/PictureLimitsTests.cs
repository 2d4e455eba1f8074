using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using MlNetAlexNet.Images;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Images;

[TestClass]
public sealed class PictureLimitsTests
{
    [TestMethod]
    public void Count_BaselineJpeg_HasOneScan()
    {
        Assert.AreEqual(1, JpegScans.Count(Pictures.Gradient(40, 30, SKEncodedImageFormat.Jpeg)));
        Assert.AreEqual(1, JpegScans.Count(Pictures.FourComponentJpeg(0, 1, 2, 3, 4)));
        Assert.AreEqual(0, JpegScans.Count([0xFF, 0xD8, 0xFF]));
        Assert.AreEqual(0, JpegScans.Count([]));
    }

    [TestMethod]
    public void Count_PreviewInASegment_IsNoScan()
    {
        var jpeg = Pictures.WithOrientation(Pictures.Gradient(8, 8, SKEncodedImageFormat.Jpeg), 1);
        jpeg.AsSpan(14, 2).Fill(0xDA); // within the segment
        jpeg[14] = 0xFF;

        Assert.AreEqual(1, JpegScans.Count(jpeg));
    }

    [TestMethod]
    [DataRow(20, true)]
    [DataRow(21, false)]
    public void Decode_ScansOfTheLargestPicture_AreTwentyAtMost(int scans, bool isLetIn)
    {
        var jpeg = Progressive(scans);

        Assert.AreEqual(scans, JpegScans.Count(jpeg));
        Assert.HasCount(12, PixelDecoder.Decode(jpeg, 2, maximumPixels: 128)); // a smaller picture may have more
        if (isLetIn)
            Assert.HasCount(12, PixelDecoder.Decode(jpeg, 2, maximumPixels: 64));
        else
            StringAssert.Contains(Refusal(jpeg, 64), "in 21 scans, and at most 1,280 are gone over");
    }

    [TestMethod]
    [DataRow("zTXt", "6B0000")]
    [DataRow("iCCP", "6B0000")]
    [DataRow("iTXt", "6B0001000000")]
    public void Decode_PngWhoseTextInflates_IsRefusedBeyond16MB(string type, string start)
    {
        var text = Convert.FromHexString(start);
        Assert.HasCount(12, PixelDecoder.Decode(WithChunks(type, [.. text, .. Deflate(7_900_000)], 2), 2));
        StringAssert.Contains(Refusal(WithChunks(type, [.. text, .. Deflate(7_900_000)], 3)), "take more than 16,000,000 bytes");
        StringAssert.Contains(Refusal(WithChunks(type, [.. text, .. Deflate(16_000_001)], 1)), "take more than 16,000,000 bytes");
    }

    [TestMethod]
    public void Decode_FileLongerThanItsPixelsNeed_IsRefusedWithoutBeingRead()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.png", Pictures.Flat(2, 2, SKColors.Red, SKEncodedImageFormat.Png));
        using (var file = File.OpenWrite(path))
            file.SetLength(500_000_000); // takes no room on the disk

        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.ThrowsExactly<AlexNetException>(() => PixelDecoder.Decode(path, 2));

        StringAssert.Contains(fault.Message, $"The picture '{path}' is longer than 416,000,000 bytes");
        Assert.IsLessThan(100_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // Two zero bytes, a width and a height: Skia takes anything that begins so for a WBMP.
    [TestMethod]
    public void Decode_FormatThatIsNotListed_IsNoPicture()
    {
        byte[] wbmp = [0, 0, 8, 1, 0xAA];
        using (var codec = SKCodec.Create(SKData.CreateCopy(wbmp)))
            Assert.AreEqual(SKEncodedImageFormat.Wbmp, codec.EncodedFormat);

        StringAssert.Contains(Refusal(wbmp), "is not a picture that can be decoded");
    }

    [TestMethod]
    public void Decode_AllMemoryTaken_WaitsAndCanBeCancelled()
    {
        var jpeg = Pictures.Gradient(8, 8, SKEncodedImageFormat.Png);
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.png", jpeg);
        using var source = new CancellationTokenSource();
        using (DecodingMemory.Pictures.Take(long.MaxValue, CancellationToken.None))
        {
            var decoding = Task.Run(() => DecodablePictures.FindBad([path], cancellationToken: source.Token));
            Assert.IsFalse(decoding.Wait(100));
            source.Cancel();
            Assert.IsInstanceOfType<OperationCanceledException>(
                Assert.ThrowsExactly<AggregateException>(decoding.Wait).InnerException);
        }

        Assert.IsEmpty(DecodablePictures.FindBad([path]));
    }

    private static string Refusal(byte[] encoded, long maximumPixels = PixelLimit.Default) =>
        Assert.ThrowsExactly<AlexNetException>(() => PixelDecoder.Decode(encoded, 2, maximumPixels: maximumPixels)).Message;

    private static byte[] Deflate(int zeros)
    {
        var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(new byte[zeros]);
        return stream.ToArray();
    }

    private static byte[] WithChunks(string type, byte[] content, int count)
    {
        const int AfterHeader = 33;
        var png = Pictures.Flat(2, 2, SKColors.Red, SKEncodedImageFormat.Png);
        byte[] typed = [.. System.Text.Encoding.ASCII.GetBytes(type), .. content];
        var (length, checksum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32.HashToUInt32(typed));
        byte[] chunk = [.. length, .. typed, .. checksum];
        return [.. png[..AfterHeader], .. Enumerable.Repeat(chunk, count).SelectMany(one => one), .. png[AfterHeader..]];
    }

    // One grey block of 8 x 8: the scan of its mean, then scans of frequencies that are all zero (ITU T.81, annex G).
    private static byte[] Progressive(int scans) =>
    [
        0xFF, 0xD8,
        0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64),
        0xFF, 0xC2, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0,
        0xFF, 0xC4, 0, 20, 0x00, 1, .. new byte[15], 0,                 // means: the code 0 is no difference
        0xFF, 0xC4, 0, 20, 0x10, 1, .. new byte[15], 0,                 // frequencies: the code 0 ends the block
        0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, 0x7F,
        .. Enumerable.Range(1, scans - 1).SelectMany(i => (byte[])[0xFF, 0xDA, 0, 8, 1, 1, 0, (byte)i, (byte)i, 0, 0x7F]),
        0xFF, 0xD9,
    ];
}
