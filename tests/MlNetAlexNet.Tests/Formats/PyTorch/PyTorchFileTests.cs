using System.IO.Compression;
using System.Runtime.InteropServices;
using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Formats.PyTorch;

[TestClass]
public sealed class PyTorchFileTests
{
    private static readonly LayerPlan s_plan = new Sequential(TensorShape.Image(3, 3, 1))
    {
        new Conv2D(2, 2), new Flatten(), new Dense(3, useBias: false), new Dense(2, Activation.Softmax),
    }.Plan();

    private static readonly (string Name, int[] Dimensions)[] s_tensors =
        [("conv.weight", [2, 1, 2, 2]), ("conv.bias", [2]), ("fc1.weight", [3, 8]), ("fc2.weight", [2, 3]), ("fc2.bias", [2])];

    [TestMethod]
    public void Read_OtherNames_TakesTensorsInOrder()
    {
        using var folder = new TemporaryFolder();

        var weights = PyTorchFile.Read(StateDictFile.Write(folder, s_tensors), s_plan).Weights;

        weights.RequireFit(s_plan);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6, 7, 8 }, weights["conv2d_1/kernel"].Values);
        CollectionAssert.AreEqual(new float[] { 9, 10 }, weights["conv2d_1/bias"].Values);
        CollectionAssert.AreEqual(new float[] { 41, 42 }, weights["dense_2/bias"].Values);
    }

    [TestMethod]
    public void Read_OurNamesInAnotherOrder_GoesByName()
    {
        using var folder = new TemporaryFolder();

        var weights = PyTorchFile.Read(StateDictFile.Write(
            folder, ("dense_2.bias", [2]), ("dense_2.weight", [2, 3]), ("dense_1.weight", [3, 8]), ("conv2d_1.bias", [2]), ("conv2d_1.weight", [2, 1, 2, 2])),
            s_plan).Weights;

        weights.RequireFit(s_plan);
        CollectionAssert.AreEqual(new float[] { 1, 2 }, weights["dense_2/bias"].Values);
    }

    [TestMethod]
    public void Read_OtherShape_NamesTensorAndBothShapes() => AssertRefused(
        [.. s_tensors[..2], ("fc1.weight", [4, 8]), .. s_tensors[3..]], "'fc1.weight' is 4 x 8", "dense_1/kernel is 3 x 8");

    [TestMethod]
    public void Read_TensorsMissing_NamesThem() => AssertRefused(s_tensors[..3], "lacks", "dense_2/kernel (2 x 3)", "dense_2/bias (2)");

    [TestMethod]
    public void Read_TensorsLeftOver_NamesThem() => AssertRefused([.. s_tensors, ("extra.weight", [7])], "does not have", "'extra.weight' (7)");

    [TestMethod]
    public void Read_OneOfOurNamesMissingAndOneMore_NamesBoth() => AssertRefused(
        [("conv2d_1.weight", [2, 1, 2, 2]), ("conv2d_1.bias", [2]), ("dense_1.weight", [3, 8]), ("dense_1.bias", [3]), ("dense_2.weight", [2, 3])],
        "lacks 'dense_2.bias' (2)", "'dense_1.bias' (3)");

    [TestMethod]
    public void Read_UnknownNamesWithoutAStack_AsksForIt()
    {
        using var folder = new TemporaryFolder();

        var fault = Assert.ThrowsExactly<AlexNetException>(() => PyTorchFile.Read(StateDictFile.Write(folder, s_tensors)));

        StringAssert.Contains(fault.Message, "Give the stack");
    }

    [TestMethod]
    public void Read_StridedHalfPrecisionPartOfAStorage_GivesItsNumbers()
    {
        using var folder = new TemporaryFolder();
        var plan = new Sequential(TensorShape.Image(1, 1, 2)) { new Flatten(), new Dense(3, useBias: false) }.Plan();
        var pickle = new PickleOutput().Code((byte)'}').Text("w").Tensor("HalfStorage", 7, 1, [3, 2], [1, 3]).Code((byte)'s', (byte)'.');
        Half[] storage = [(Half)9, (Half)1, (Half)2, (Half)3, (Half)4, (Half)5, (Half)0.5f];

        var file = StateDictFile.Write(folder, pickle.ToArray(), MemoryMarshal.AsBytes(storage.AsSpan()).ToArray());

        CollectionAssert.AreEqual(
            new[] { 1, 4, 2, 5, 3, 0.5f }, PyTorchFile.Read(file, plan).Weights["dense_1/kernel"].Values);
    }

    [TestMethod]
    [DataRow("LongStorage", 8, "int64", DisplayName = "integers")]
    [DataRow("BoolStorage", 1, "bool", DisplayName = "flags")]
    public void Read_OtherNumbers_AreRefusedByTensor(string storage, int bytes, string name)
    {
        using var folder = new TemporaryFolder();
        var plan = new Sequential(TensorShape.Image(1, 1, 2)) { new Flatten(), new Dense(3, useBias: false) }.Plan();
        var pickle = new PickleOutput().Code((byte)'}').Text("w").Tensor(storage, 6, 0, [3, 2], [2, 1]).Code((byte)'s', (byte)'.');

        var fault = Assert.ThrowsExactly<AlexNetException>(
            () => PyTorchFile.Read(StateDictFile.Write(folder, pickle.ToArray(), new byte[6 * bytes]), plan));

        StringAssert.Contains(fault.Message, "'w'");
        StringAssert.Contains(fault.Message, name);
    }

    [TestMethod]
    [DataRow(7, 7, "storage '0' of 7", DisplayName = "the view is longer than its storage")]
    [DataRow(6, 5, "has 20 bytes", DisplayName = "the storage is longer than its file")]
    [DataRow(6, 7, "has 28 bytes", DisplayName = "the storage is shorter than its file")]
    public void Read_StorageOutOfRange_IsRefused(int count, int stored, string reason)
    {
        using var folder = new TemporaryFolder();
        var plan = new Sequential(TensorShape.Image(1, 1, 2)) { new Flatten(), new Dense(3, useBias: false) }.Plan();
        var pickle = new PickleOutput().Code((byte)'}').Text("w").Tensor("FloatStorage", count, count == 7 ? 2 : 0, [3, 2], [2, 1])
            .Code((byte)'s', (byte)'.');

        var fault = Assert.ThrowsExactly<AlexNetException>(
            () => PyTorchFile.Read(StateDictFile.Write(folder, pickle.ToArray(), new byte[stored * 4]), plan));

        StringAssert.Contains(fault.Message, reason);
    }

    [TestMethod]
    public void Read_ManyTensorsOfOneStorage_DoNotMultiplyIt()
    {
        using var folder = new TemporaryFolder();
        var stack = new Sequential(TensorShape.Image(1, 1, 64)) { new Flatten() };
        var pickle = new PickleOutput().Code((byte)'}');
        for (var i = 0; i < 100; i++)
        {
            stack.Add(new Dense(64, useBias: false));
            pickle.Text($"{i}.weight").Tensor("FloatStorage", 4096, 0, [64, 64], [64, 1]).Code((byte)'s');
        }

        var file = StateDictFile.Write(folder, pickle.Code((byte)'.').ToArray(), new byte[4096 * 4]);

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => PyTorchFile.Read(file, stack.Plan())).Message, "more values");
    }

    [TestMethod]
    public void Read_SeveralDictionariesOfTensors_AreNamed()
    {
        using var folder = new TemporaryFolder();
        var pickle = new PickleOutput().Code((byte)'}');
        foreach (var name in (string[])["generator", "discriminator"])
            pickle.Text(name).Code((byte)'}').Text("w").Tensor("FloatStorage", 6, 0, [3, 2], [2, 1]).Code((byte)'s', (byte)'s');

        var fault = Assert.ThrowsExactly<AlexNetException>(
            () => PyTorchFile.Read(StateDictFile.Write(folder, pickle.Code((byte)'.').ToArray(), new byte[24]), s_plan));

        StringAssert.Contains(fault.Message, "generator, discriminator");
    }

    [TestMethod]
    public void Read_DamagedNumber_IsFoundByItsChecksum()
    {
        using var folder = new TemporaryFolder();
        var path = StateDictFile.Write(folder, s_tensors);
        var bytes = File.ReadAllBytes(path);
        var at = bytes.AsSpan().IndexOf(MemoryMarshal.AsBytes((ReadOnlySpan<float>)[9, 10]));
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => PyTorchFile.Read(path, s_plan)).Message, "checksum");
    }

    [TestMethod]
    public void Read_BigEndian_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var stream = new MemoryStream();
        var zip = new AlignedZip(stream);
        zip.Add("a/data.pkl", "}."u8);
        zip.Add("a/byteorder", "big"u8);
        zip.Finish();

        var fault = Assert.ThrowsExactly<AlexNetException>(() => PyTorchFile.Read(folder.Write("big.pth", stream.ToArray())));

        StringAssert.Contains(fault.Message, "'big'");
    }

    [TestMethod]
    public void Read_NoFile_IsNamed() => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => PyTorchFile.Read("/nowhere/a.pth")).Message, "'/nowhere/a.pth' does not exist");

    [TestMethod]
    public void Write_EveryStorage_IsStoredAtAMultipleOf64()
    {
        using var folder = new TemporaryFolder();
        var read = PyTorchFile.Read(StateDictFile.Write(folder, s_tensors), s_plan);
        var path = Path.Combine(folder.Path, "again.pth");

        PyTorchFile.Write(s_plan, read.Weights, path);

        var bytes = File.ReadAllBytes(path);
        using var zip = ZipFile.OpenRead(path);
        Assert.HasCount(10, zip.Entries);
        foreach (var entry in zip.Entries)
        {
            using var content = new MemoryStream();
            using (var stream = entry.Open())
                stream.CopyTo(content);
            Assert.AreEqual(entry.Length, entry.CompressedLength);
            var found = Enumerable.Range(0, bytes.Length / 64).Any(block =>
                bytes.AsSpan(block * 64).StartsWith(content.ToArray()));
            Assert.IsTrue(found, entry.FullName);
        }
    }

    [TestMethod]
    public void Write_WeightsOfAnotherStack_WritesNothing()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "none.pth");

        Assert.ThrowsExactly<AlexNetException>(() => PyTorchFile.Write(s_plan, new WeightSet([]), path));

        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    private static void AssertRefused((string Name, int[] Dimensions)[] tensors, params string[] reasons)
    {
        using var folder = new TemporaryFolder();

        var fault = Assert.ThrowsExactly<AlexNetException>(() => PyTorchFile.Read(StateDictFile.Write(folder, tensors), s_plan));

        foreach (var reason in reasons)
            StringAssert.Contains(fault.Message, reason);
    }

    [TestMethod]
    public void Read_CheckpointWithATensorBesideTheStateDict_TakesTheStateDict()
    {
        using var folder = new TemporaryFolder();
        var plan = new Sequential(TensorShape.Image(1, 1, 2)) { new Flatten(), new Dense(3, useBias: false) }.Plan();
        var pickle = new PickleOutput().Code((byte)'}').Text("loss").Tensor("FloatStorage", 6, 0, [1], [1]).Code((byte)'s')
            .Text("model_state_dict").Code((byte)'}').Text("w").Tensor("FloatStorage", 6, 0, [3, 2], [2, 1]).Code((byte)'s', (byte)'s');

        var read = PyTorchFile.Read(StateDictFile.Write(folder, pickle.Code((byte)'.').ToArray(), new byte[24]), plan);

        CollectionAssert.AreEqual(new[] { "loss" }, read.Ignored.ToArray());
    }

    [TestMethod]
    public void Read_PlaceTakenTwice_IsReadAsTheLast()
    {
        using var folder = new TemporaryFolder();
        var pickle = new PickleOutput().Code((byte)'}')
            .Text("model").Code((byte)'}').Text("w").Tensor("FloatStorage", 6, 0, [3, 2], [2, 1]).Code((byte)'s', (byte)'s')
            .Text("model").Number(1).Code((byte)'s', (byte)'.');

        var fault = Assert.ThrowsExactly<AlexNetException>(
            () => PyTorchFile.Read(StateDictFile.Write(folder, pickle.ToArray(), new byte[24]), s_plan));

        StringAssert.Contains(fault.Message, "no tensors");
    }
}
