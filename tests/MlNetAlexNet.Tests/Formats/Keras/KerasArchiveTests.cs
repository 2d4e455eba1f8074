using System.Buffers.Binary;
using System.IO.Compression;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>Archives and paths that cannot be read or written.</summary>
[TestClass]
public sealed class KerasArchiveTests
{
    private static readonly LayerPlan s_plan =
        new Sequential(TensorShape.Image(4, 4, 3)) { new Flatten(), new Dense(3, Activation.Softmax) }.Plan();

    // 10 GB, as the entry itself says; nothing is unpacked.
    [TestMethod]
    public void Read_OfAnEntryThatSaysTenGigabytes_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = Written(folder);
        SayLength(path, "model.weights.h5", 10_000_000_000);

        var fault = Assert.ThrowsExactly<AlexNetException>(() => KerasFile.Read(path));

        StringAssert.Contains(fault.Message, "10000000000 bytes");
    }

    // 40 MB of zeros under a claim of 1,000 bytes.
    [TestMethod]
    public void Read_OfAnEntryThatHoldsMoreThanItSays_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = Written(folder);
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            zip.GetEntry("model.weights.h5")!.Delete();
            using var entry = zip.CreateEntry("model.weights.h5", CompressionLevel.Optimal).Open();
            entry.Write(new byte[40 << 20]);
        }

        SayLength(path, "model.weights.h5", 1000);

        Assert.ThrowsExactly<AlexNetException>(() => KerasFile.Read(path));
    }

    [TestMethod]
    [DataRow("config.json")]
    [DataRow("model.weights.h5")]
    public void Read_OfAnArchiveWithoutAnEntry_NamesIt(string entry)
    {
        using var folder = new TemporaryFolder();
        var path = Written(folder);
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Update))
            zip.GetEntry(entry)!.Delete();

        StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => KerasFile.Read(path)).Message, entry);
    }

    [TestMethod]
    public void Read_OfNoFile_IsRefused()
    {
        using var folder = new TemporaryFolder();
        foreach (var path in (string[])[folder.Path, Path.Combine(folder.Path, "none.h5"), Path.Combine(folder.Path, "no", "x.keras"), folder.Write("text.h5", "No HDF5 at all, but some text that is long enough to look at."u8.ToArray())])
            StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => KerasFile.Read(path)).Message, path);
    }

    [TestMethod]
    [DataRow("model.txt")]
    [DataRow("file/model.h5")]
    [DataRow("file/model.keras")]
    public void Write_ToWhereNothingCanBe_IsRefused(string name)
    {
        using var folder = new TemporaryFolder();
        folder.Write("file");
        var path = Path.Combine(folder.Path, name);

        var fault = Assert.ThrowsExactly<AlexNetException>(() =>
            KerasFile.Write(s_plan, WeightInitializer.HeNormal(s_plan, new Random(1)), path));

        StringAssert.Contains(fault.Message, path);
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void Write_OfALayerThatKerasLacks_LeavesTheOldFile()
    {
        var stack = new Sequential(TensorShape.Image(4, 4, 3)) { new LocalResponseNormalization { Name = "lrn" }, new Flatten(), new Dense(3) };
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.h5", [1, 2, 3]);

        var fault = Assert.ThrowsExactly<AlexNetException>(() =>
            KerasFile.Write(stack.Plan(), WeightInitializer.HeNormal(stack.Plan(), new Random(1)), path));

        StringAssert.Contains(fault.Message, "'lrn'");
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, File.ReadAllBytes(path));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    private static string Written(TemporaryFolder folder)
    {
        var path = Path.Combine(folder.Path, "model.keras");
        KerasFile.Write(s_plan, WeightInitializer.HeNormal(s_plan, new Random(1)), path);
        return path;
    }

    // In the central directory (APPNOTE.TXT 4.3.12), where a length above 4 GB moves to the zip64 extra field (4.5.3).
    private static void SayLength(string path, string entry, long length)
    {
        var bytes = File.ReadAllBytes(path);
        var name = System.Text.Encoding.ASCII.GetBytes(entry);
        var header = bytes.AsSpan().LastIndexOf(name) - 46;
        Assert.IsTrue(bytes.AsSpan(header).StartsWith("PK\x1\x2"u8));
        if (length <= uint.MaxValue)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(header + 24), (uint)length);
            File.WriteAllBytes(path, bytes);
            return;
        }

        var extra = new byte[12];
        BinaryPrimitives.WriteUInt16LittleEndian(extra, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(extra.AsSpan(2), 8);
        BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(4), length);
        Assert.AreEqual(0, BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(header + 30)), "no extra field yet");
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(header + 24), uint.MaxValue);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(header + 30), (ushort)extra.Length);
        var end = bytes.AsSpan().LastIndexOf("PK\x5\x6"u8); // size of the central directory, which has grown
        BinaryPrimitives.WriteUInt32LittleEndian(
            bytes.AsSpan(end + 12), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(end + 12)) + (uint)extra.Length);
        var after = header + 46 + name.Length;
        File.WriteAllBytes(path, [.. bytes[..after], .. extra, .. bytes[after..]]);
    }

    // A megabyte of zeros takes a kilobyte; the stack alone would allow it.
    [TestMethod]
    public void Read_EntryThatIsMuchLargerThanTheFile_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = Written(folder);
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            zip.GetEntry("model.weights.h5")!.Delete();
            using var entry = zip.CreateEntry("model.weights.h5", CompressionLevel.Optimal).Open();
            entry.Write(new byte[1 << 20]);
        }

        StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => KerasFile.Read(path)).Message, "the file's size");
    }
}
