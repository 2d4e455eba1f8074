using Google.Protobuf;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Layers;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Tests.Formats.Onnx;

/// <summary>Weights of other programs' graphs: in every kind of number, shared, listed, and in files beside.</summary>
[TestClass]
public sealed class OnnxFileWeightsTests
{
    [TestMethod]
    [DataRow(DataType.Float16, 2e-3f)]
    [DataRow(DataType.Bfloat16, 2e-2f)]
    [DataRow(DataType.Double, 0f)]
    public void Read_OtherNumbers_AreWidenedOrRounded(DataType type, float tolerance)
    {
        foreach (var raw in (bool[])[true, false])
        {
            var model = new ForeignGraph(TensorShape.Image(3, 3, 3)).Then("Flatten").Classes(27).ToModel();
            var expected = Read(model).Weights;
            foreach (var tensor in model.Graph.Initializer)
                Keep(tensor, type, raw);

            var read = Read(model);

            foreach (var (key, weight) in expected)
                Assert.IsLessThanOrEqualTo(tolerance, weight.Values.Zip(read.Weights[key].Values, (a, b) => Math.Abs(a - b)).Max(), key);
            Assert.AreEqual(type == DataType.Double, read.Assumed.Any(line => line.Contains("rounded", StringComparison.Ordinal)));
        }
    }

    [TestMethod]
    public void Read_WeightsListedAsInputsAndShared_ComeAlong()
    {
        // As before version 4 of ONNX; one bias for two layers, as optimizers make of equal ones.
        var graph = new ForeignGraph(TensorShape.Image(1, 1, 3)).Then("Flatten");
        var bias = graph.Weight(4000);
        var model = graph.Then("Gemm", [graph.Weight(3, 4000), bias]).Then("Relu").Then("Add", [bias]).Then("Relu").Then("Sub", [bias]).ToModel();
        foreach (var tensor in model.Graph.Initializer)
            model.Graph.Input.Add(new ValueInfoProto { Name = tensor.Name });
        model.IrVersion = 3;

        Assert.HasCount(5, Read(model).Plan);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Read_WeightsBehindALink_AreReadInTheFolderAlone(bool inside)
    {
        using var folder = new TemporaryFolder();
        var model = new ForeignGraph(TensorShape.Image(3, 3, 3)).Then("Flatten").Classes(27).ToModel();
        var data = MoveOut(model.Graph.Initializer[0], "link.data", 0);
        folder.Write(inside ? "inner/real.data" : "real.data", data);
        var file = folder.Write("inner/a.onnx", model.ToByteArray());
        File.CreateSymbolicLink(Path.Combine(folder.Path, "inner", "link.data"), Path.Combine(inside ? "." : "..", "real.data"));

        if (inside)
            Assert.HasCount(2, OnnxFile.Read(file).Weights);
        else
            StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => OnnxFile.Read(file)).Message, "outside the folder");
    }

    [TestMethod]
    public void Read_ConstantNodesAndListedFloats_ScoreAlike()
    {
        var graph = new ForeignGraph(TensorShape.Image(3, 3, 3)).Then("Flatten").Classes(27);
        var model = graph.ToModel();
        foreach (var tensor in model.Graph.Initializer)
        {
            tensor.FloatData.AddRange(ReadFloats(tensor.RawData));
            tensor.RawData = ByteString.Empty;
        }

        var weight = model.Graph.Initializer[0];
        model.Graph.Initializer.RemoveAt(0);
        model.Graph.Node.Insert(0, new NodeProto
        {
            OpType = "Constant", Output = { "first" },
            Attribute = { new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = weight } },
        });
        model.Graph.Node.Insert(1, new NodeProto { OpType = "Identity", Input = { "first" }, Output = { weight.Name } });
        using var folder = new TemporaryFolder();

        SameWeights.Assert(
            OnnxFile.Read(folder.Write("plain.onnx", graph.ToModel().ToByteArray())).Weights,
            OnnxFile.Read(folder.Write("changed.onnx", model.ToByteArray())).Weights);
    }

    [TestMethod]
    public void Read_WeightsInAFileBeside_ComeAlong()
    {
        using var folder = new TemporaryFolder();
        var model = new ForeignGraph(TensorShape.Image(3, 3, 3)).Then("Flatten").Classes(27).ToModel();
        var plain = OnnxFile.Read(folder.Write("plain.onnx", model.ToByteArray()));

        var data = new List<byte>(new byte[64]);
        foreach (var tensor in model.Graph.Initializer)
            data.AddRange(MoveOut(tensor, "a.onnx.data", data.Count));
        folder.Write("a.onnx.data", [.. data]);

        SameWeights.Assert(plain.Weights, OnnxFile.Read(folder.Write("a.onnx", model.ToByteArray())).Weights);
    }

    [TestMethod]
    [DataRow("../a.onnx.data", "outside the folder")]
    [DataRow("/etc/passwd", "outside the folder")]
    [DataRow("missing.data", "not there")]
    public void Read_WeightsInAFileElsewhere_AreRefused(string location, string reason)
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.onnx.data", new byte[1000]);
        var model = new ForeignGraph(TensorShape.Image(3, 3, 3)).Then("Flatten").Classes(27).ToModel();
        MoveOut(model.Graph.Initializer[0], location, 0);
        var file = folder.Write("inner/a.onnx", model.ToByteArray());

        StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => OnnxFile.Read(file)).Message, reason);
    }

    private static ModelFileContent Read(ModelProto model)
    {
        using var folder = new TemporaryFolder();
        return OnnxFile.Read(folder.Write("a.onnx", model.ToByteArray()));
    }

    private static void Keep(TensorProto tensor, DataType type, bool raw)
    {
        var values = ReadFloats(tensor.RawData);
        tensor.DataType = (int)type;
        tensor.RawData = ByteString.Empty;
        int Bits(float value) => type == DataType.Float16
            ? BitConverter.HalfToUInt16Bits((Half)value)
            : (int)(BitConverter.SingleToUInt32Bits(value) >> 16);
        if (raw && type == DataType.Double)
            tensor.RawData = ByteString.CopyFrom([.. values.SelectMany(value => BitConverter.GetBytes((double)value))]);
        else if (raw)
            tensor.RawData = ByteString.CopyFrom([.. values.SelectMany(value => BitConverter.GetBytes((ushort)Bits(value)))]);
        else if (type == DataType.Double)
            tensor.DoubleData.AddRange(values.Select(value => (double)value));
        else
            tensor.Int32Data.AddRange(values.Select(Bits));
    }

    private static float[] ReadFloats(ByteString bytes) =>
        [.. bytes.ToByteArray().Chunk(4).Select(four => BitConverter.ToSingle(four))];

    private static byte[] MoveOut(TensorProto tensor, string location, int offset)
    {
        var bytes = tensor.RawData.ToByteArray();
        tensor.RawData = ByteString.Empty;
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        foreach (var (key, value) in (IEnumerable<(string, string)>)[("location", location), ("offset", $"{offset}"), ("length", $"{bytes.Length}")])
            tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        return bytes;
    }
}
