using System.Text;
using MlNetAlexNet.Formats.PyTorch;

namespace MlNetAlexNet.Tests.Formats.PyTorch;

[TestClass]
public sealed class UnpicklerTests
{
    [TestMethod]
    public void Read_PlainValues_GivesThem()
    {
        // pickle.dumps([None, True, 7, 300, -2, 1.5, 'a', (1, 2), b'x'], 2), by hand
        var values = (List<object?>)Read([
            0x80, 2, .. "](N"u8, 0x88, .. "K\x07M"u8, 0x2c, 1, .. "J"u8, 0xfe, 0xff, 0xff, 0xff, (byte)'G', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0,
            .. "X\x01\0\0\0aK\x01K\x02"u8, 0x86, .. "C\x01xe."u8])!;

        CollectionAssert.AreEqual(new object?[] { null, true, 7L, 300L, -2L, 1.5, "a" }, values[..7]);
        CollectionAssert.AreEqual(new object[] { 1L, 2L }, (object?[])values[7]!);
        CollectionAssert.AreEqual("x"u8.ToArray(), (byte[])values[8]!);
    }

    [TestMethod]
    public void Read_ProtocolFour_GivesTheDictionary()
    {
        // pickle.dumps({'a': 1}, 4): with a frame, short texts and memoized values
        byte[] pickle = [0x80, 4, 0x95, 10, 0, 0, 0, 0, 0, 0, 0, (byte)'}', 0x94, 0x8c, 1, (byte)'a', 0x94, .. "K\x01s."u8];

        Assert.AreEqual(1L, ((PythonDict)Read(pickle)!)["a"]);
    }

    [TestMethod]
    [DataRow("cposix\nsystem\nX\u0004\0\0\0true\u0085R.", "posix.system", DisplayName = "reduce")]
    [DataRow("(X\u0004\0\0\0trueiposix\nsystem\n.", "posix.system", DisplayName = "inst")]
    [DataRow("(cposix\nsystem\nX\u0004\0\0\0trueo.", "posix.system", DisplayName = "obj")]
    [DataRow("c__builtin__\neval\nX\u0001\0\0\0a\u0085R.", "__builtin__.eval", DisplayName = "eval")]
    [DataRow("cbuiltins\ngetattr\n.", "builtins.getattr", DisplayName = "getattr")]
    [DataRow("ctorch.hub\nload\n.", "torch.hub.load", DisplayName = "torch.hub")]
    [DataRow("ctorch\nload\n.", "torch.load", DisplayName = "torch.load")]
    [DataRow("ctorch.serialization\nFloatStorage\n.", "torch.serialization.FloatStorage", DisplayName = "a storage elsewhere")]
    [DataRow("X\u0005\0\0\0posixX\u0006\0\0\0system\u0093.", "posix.system", DisplayName = "stack global")]
    [DataRow("c__main__\nNet\n)\u0081.", "__main__.Net", DisplayName = "new object")]
    public void Read_Code_IsRefusedByName(string pickle, string name)
    {
        var fault = Assert.ThrowsExactly<AlexNetException>(() => Read(Encoding.Latin1.GetBytes(pickle)));

        StringAssert.Contains(fault.Message, $"'{name}'");
    }

    [TestMethod]
    [DataRow("ccollections\nOrderedDict\n)R}b}o.", "0x6f", DisplayName = "an instruction PyTorch does not write")]
    [DataRow("ctorch\nFloatStorage\n)R.", "torch.FloatStorage", DisplayName = "a storage called")]
    [DataRow("K\u0001b.", "too few", DisplayName = "state on an empty stack")]
    [DataRow("]K\u0001K\u0002s.", "items", DisplayName = "pairs for a list")]
    [DataRow("}(K\u0001u.", "without a value", DisplayName = "a key alone")]
    [DataRow("h\u0007.", "reference to 7", DisplayName = "an unknown reference")]
    [DataRow("t.", "beginning", DisplayName = "an end without a mark")]
    [DataRow("(0.", "0x30", DisplayName = "pop")]
    [DataRow("X\u0001\0\0\0a\u0085Q.", "storage", DisplayName = "a persistent id of another program")]
    [DataRow("ctorch._utils\n_rebuild_tensor_v2\n)R.", "arguments", DisplayName = "a tensor of nothing")]
    [DataRow("X\u00ff\u00ff\u00ff\u007fa.", "longer than", DisplayName = "a text of 2 GB")]
    [DataRow("\u008d\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0080a.", "longer than", DisplayName = "a text of negative length")]
    public void Read_Nonsense_IsRefused(string pickle, string reason)
    {
        var fault = Assert.ThrowsExactly<AlexNetException>(() => Read(Encoding.Latin1.GetBytes(pickle)));

        StringAssert.Contains(fault.Message, reason);
    }

    [TestMethod]
    public void Read_NestedReferences_TakeNoMoreRoomThanTheyAre()
    {
        // Each list holds the one before ten times: 10^1000 elements, were they copied.
        var pickle = new List<byte>([.. "]K\x01aq\0"u8]);
        for (var i = 0; i < 1000; i++)
            pickle.AddRange("0]("u8[1..].ToArray().Concat(Enumerable.Repeat((byte[])[(byte)'h', 0], 10).SelectMany(b => b)).Concat("eq\0"u8.ToArray()));
        pickle.Add((byte)'.');
        var before = GC.GetAllocatedBytesForCurrentThread();

        Read([.. pickle]);

        Assert.IsLessThan(10_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Read_OneLongListMadeManyDictionaries_IsRefused()
    {
        var pickle = new PickleOutput().Code((byte)']', (byte)'(');
        for (var i = 0; i < 10_000; i++)
            pickle.Code((byte)'K', 1, (byte)'K', 2, 0x86);
        pickle.Code((byte)'e', (byte)'q', 0).Global("collections", "OrderedDict").Code((byte)'q', 1);
        for (var i = 0; i < 100_000; i++)
            pickle.Code((byte)'h', 1, (byte)'h', 0, 0x85, (byte)'R');

        var fault = Assert.ThrowsExactly<AlexNetException>(() => Read(pickle.Code((byte)'.').ToArray()));

        StringAssert.Contains(fault.Message, "more items");
    }

    private static object? Read(byte[] pickle) => new Unpickler(new PickleInput(new MemoryStream(pickle))).Read();

    [TestMethod]
    public void Read_OneLongShapeOfManyTensors_IsRefused()
    {
        var pickle = new PickleOutput().Tensor("FloatStorage", 1, 0, [.. Enumerable.Repeat(1, 9)], [.. Enumerable.Repeat(1, 9)]);
        var input = new PickleInput(new MemoryStream(pickle.Code((byte)'.').ToArray()));

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => new Unpickler(input).Read()).Message, "9 sides");
    }
}
