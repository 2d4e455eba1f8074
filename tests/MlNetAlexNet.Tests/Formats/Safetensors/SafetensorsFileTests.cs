using System.Runtime.InteropServices;
using System.Text;
using MlNetAlexNet.Formats.Safetensors;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Formats.Safetensors;

[TestClass]
public sealed class SafetensorsFileTests
{
    private static readonly LayerPlan s_plan =
        new Sequential(TensorShape.Image(1, 1, 2)) { new Flatten(), new Dense(3), new Dense(2) }.Plan();

    private const string Kernel = """
        "fc1.weight":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]}
        """;
    private const string Bias = """
        "fc1.bias":{"dtype":"F32","shape":[3],"data_offsets":[24,36]}
        """;
    private const string Second = """
        "fc2.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[36,60]},"fc2.bias":{"dtype":"F32","shape":[2],"data_offsets":[60,68]}
        """;

    [TestMethod]
    public void Read_NumberedNames_TakesKernelsBeforeBiases()
    {
        using var folder = new TemporaryFolder();

        var weights = SafetensorsFile.Read(Write(folder, $"{{{Second},{Bias},{Kernel}}}", 17), s_plan).Weights;

        weights.RequireFit(s_plan);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6 }, weights["dense_1/kernel"].Values);
        CollectionAssert.AreEqual(new float[] { 16, 17 }, weights["dense_2/bias"].Values);
    }

    [TestMethod]
    public void Read_NumbersOfTwoDigits_CountAsNumbers()
    {
        using var folder = new TemporaryFolder();
        var plan = new Sequential(TensorShape.Image(1, 1, 1)) { new Flatten(), new Dense(1, useBias: false), new Dense(1, useBias: false) }.Plan();

        var weights = SafetensorsFile.Read(Write(
            folder,
            """{"l.10.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"l.9.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]}}""",
            2), plan).Weights;

        Assert.AreEqual(2, weights["dense_1/kernel"].Values[0]);
    }

    [TestMethod]
    public void Read_NamesThatTellNoOrder_AreRefused()
    {
        using var folder = new TemporaryFolder();
        var plan = new Sequential(TensorShape.Image(1, 1, 1)) { new Flatten(), new Dense(1, useBias: false), new Dense(1, useBias: false) }.Plan();
        var file = Write(
            folder,
            """{"head.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"tail.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]}}""",
            2);

        StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => SafetensorsFile.Read(file, plan)).Message, "no order");
    }

    [TestMethod]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "no JSON", DisplayName = "the same name twice")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "'b' begins at byte 4", DisplayName = "overlap")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}""", "'b' begins at byte 12", DisplayName = "gap")]
    [DataRow("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "cut short", DisplayName = "past the end")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "left over", DisplayName = "bytes nobody owns")]
    [DataRow("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "does not fill", DisplayName = "shape and bytes differ")]
    [DataRow("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", "does not fill", DisplayName = "sides that overflow")]
    [DataRow("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}""", "'shape'", DisplayName = "a negative side")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "beginning", DisplayName = "end before beginning")]
    [DataRow("""{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", "'F8_E4M3'", DisplayName = "unknown numbers")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2]}}""", "'data_offsets'", DisplayName = "no offsets")]
    [DataRow("""{"a":7}""", "'dtype'", DisplayName = "no tensor")]
    [DataRow("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "no JSON", DisplayName = "a name that is no text")]
    [DataRow("[]", "no JSON object", DisplayName = "a list")]
    [DataRow("{", "no JSON", DisplayName = "half a table")]
    public void Read_TableAgainstTheRules_IsRefused(string table, string reason)
    {
        using var folder = new TemporaryFolder();
        var file = Write(folder, table, 2);

        StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => SafetensorsFile.Read(file, s_plan)).Message, reason);
    }

    [TestMethod]
    public void Read_TableLongerThanAnyIs_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("long.safetensors", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, (byte)'{', (byte)'}']);

        StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => SafetensorsFile.Read(file)).Message, "table would have");
    }

    [TestMethod]
    public void Write_Numbers_BeginAtAMultipleOf64()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "a.safetensors");
        SafetensorsFile.Write(s_plan, SafetensorsFile.Read(Write(folder, $"{{{Second},{Bias},{Kernel}}}", 17), s_plan).Weights, path);

        var bytes = File.ReadAllBytes(path);

        var table = BitConverter.ToInt64(bytes);
        Assert.AreEqual(0, (table + 8) % 64);
        Assert.AreEqual(
            """{"__metadata__":{"format":"pt"},"dense_1.weight":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]},"dense_1.bias":{"dtype":"F32","shape":[3],"data_offsets":[24,36]},"dense_2.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[36,60]},"dense_2.bias":{"dtype":"F32","shape":[2],"data_offsets":[60,68]}}""",
            Encoding.UTF8.GetString(bytes, 8, (int)table).TrimEnd());
        CollectionAssert.AreEqual(
            Enumerable.Range(1, 17).Select(i => (float)i).ToArray(),
            MemoryMarshal.Cast<byte, float>(bytes.AsSpan((int)table + 8)).ToArray());
    }

    // The table, then the numbers 1, 2, 3, ...
    private static string Write(TemporaryFolder folder, string table, int numbers)
    {
        var json = Encoding.UTF8.GetBytes(table);
        float[] values = [.. Enumerable.Range(1, numbers).Select(i => (float)i)];
        return folder.Write(
            "a.safetensors", [.. BitConverter.GetBytes((long)json.Length), .. json, .. MemoryMarshal.AsBytes(values.AsSpan())]);
    }
}
