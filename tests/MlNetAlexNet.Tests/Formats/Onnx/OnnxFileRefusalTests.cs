using Google.Protobuf;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Layers;
using Onnx;
using static MlNetAlexNet.Formats.Onnx.Graph.OnnxGraph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Tests.Formats.Onnx;

/// <summary>What cannot be taken over exactly is refused by the node's and the operator's name.</summary>
[TestClass]
public sealed class OnnxFileRefusalTests
{
    private static readonly AttributeProto s_window2 = Attribute("kernel_shape", 2, 2);

    public static IEnumerable<object[]> Nodes =>
    [
        Case("an unknown operator", "(HardSwish)", graph => graph.Then("HardSwish")),
        Case("a kernel for other channels", "does not fit", graph => graph.Then("Conv", [graph.Weight(4, 2, 3, 3)])),
        Case("a kernel of three sides", "3 sides", graph => graph.Then("Conv", [graph.Weight(4, 3, 3)])),
        Case("a bias too long", "bias of 5", graph => graph.Then("Conv", [graph.Weight(4, 3, 3, 3), graph.Weight(5)])),
        Case("strides of zero", "numbers from 1", graph => graph.Then("Conv", [graph.Weight(4, 3, 3, 3)], Attribute("strides", 0, 1))),
        Case("strides too long", "numbers from 1", graph => graph.Then("Conv", [graph.Weight(4, 3, 3, 3)], Attribute("strides", 1L << 40, 1))),
        Case("negative padding", "a count belongs", graph => graph.Then("Conv", [graph.Weight(4, 3, 3, 3)], Attribute("pads", -1, 0, 0, 0))),
        Case("a window larger than the image", "(MaxPool)", graph => graph.Then("MaxPool", Attribute("kernel_shape", 20, 20))),
        Case("dilated pooling", "dilations", graph => graph.Then("MaxPool", s_window2, Attribute("dilations", 2, 2))),
        Case("a mean that counts half of its padding", "count_include_pad",
            graph => graph.Then("AveragePool", s_window2, Attribute("strides", 2, 2), Attribute("pads", 1, 1, 0, 0), Attribute("ceil_mode", 1), Attribute("count_include_pad", 1))),
        Case("reflected padding", "zeros around", graph => graph.Then("Pad", [graph.Numbers(0, 0, 1, 1, 0, 0, 1, 1)], Text("mode", "reflect"))),
        Case("padding with ones", "zeros around", graph => graph.Then("Pad", [graph.Numbers(0, 0, 1, 1, 0, 0, 1, 1), graph.Number(1)])),
        Case("padded channels", "zeros around", graph => graph.Then("Pad", [graph.Numbers(0, 1, 1, 1, 0, 0, 1, 1)])),
        Case("pads in list too short", "zeros around", graph => graph.Then("Pad", [graph.Numbers(0, 1)])),
        Case("rows as vectors", "a vector for each picture", graph => graph.Then("Flatten", Attribute("axis", 2))),
        Case("another shape", "a vector for each picture", graph => graph.Then("Reshape", [graph.Numbers(-1, 64)])),
        Case("a shape of floats", "integers", graph => graph.Then("Reshape", [graph.Weight(2)])),
        Case("a softmax over an image", "(Softmax)", graph => graph.Then("Softmax")),
        Case("a product with an image", "needs a vector", graph => graph.Then("MatMul", [graph.Weight(8, 4)])),
        Case("a product of other vectors", "8 x 4 for", graph => graph.Then("Flatten").Then("MatMul", [graph.Weight(8, 4)])),
        Case("a transposed product", "transA", graph => graph.Then("Flatten").Then("Gemm", [graph.Weight(192, 4)], Attribute("transA", 1))),
        Case("a sum with each row", "one for each channel", graph => graph.Then("Add", [graph.Weight(3, 8, 1)])),
        Case("a sum with columns", "one for each channel", graph => graph.Then("Add", [graph.Weight(8)])),
        Case("a division by zero", "by 0", graph => graph.Then("Div", [graph.Number(0)])),
        Case("a normalization of other channels", "one vector of 3",
            graph => graph.Then("BatchNormalization", [graph.Weight(4), graph.Weight(4), graph.Weight(4), graph.Weight(4)])),
        Case("a normalization in training", "(BatchNormalization)",
            graph => graph.Then("BatchNormalization", [graph.Weight(3), graph.Weight(3), graph.Weight(3), graph.Weight(3)], Attribute("training_mode", 1))),
        Case("a convolution over channels last", "axes as NHWC",
            graph => graph.Then("Transpose", Attribute("perm", 0, 2, 3, 1)).Then("Conv", [graph.Weight(4, 8, 3, 3)])),
        Case("pictures as channels", "turns the axes", graph => graph.Then("Transpose", Attribute("perm", 1, 0, 2, 3))),
        Case("an order with an axis twice", "turns the axes", graph => graph.Then("Transpose", Attribute("perm", 0, 1, 1, 3))),
        Case("a side that is not one taken away", "not 1", graph => graph.Then("Squeeze", Attribute("axes", 2, 2))),
        Case("a mean of channels", "height and width", graph => graph.Then("ReduceMean", Attribute("axes", 1, 2))),
        Case("an axis that is not there", "no axis 9", graph => graph.Then("ReduceMean", Attribute("axes", 9, 2))),
        Case("a cast to integers", "(Cast)", graph => graph.Then("Cast", Attribute("to", 7L))),
        Case("a softmax over values of another order", "(Softmax)",
            graph => graph.Then("Transpose", Attribute("perm", 0, 2, 3, 1)).Then("Flatten").Then("Softmax")),
        Case("a softmax over a side of one", "(Softmax)",
            graph => graph.Then("Flatten").Then("Unsqueeze", [graph.Numbers(2)]).Then("Softmax", Attribute("axis", -1L))),
        Case("an even normalization", "odd", graph => graph.Then("LRN", Attribute("size", 4))),
        Case("a layer after the softmax", "softmax ends", graph => graph.Then("Flatten").Then("Softmax").Then("Relu")),
        Case("a missing weight", "'nowhere'", graph => graph.Then("Conv", ["nowhere"])),
        Case("a weight left out", "lacks its input 1", graph => graph.Then("Conv")),
    ];

    [TestMethod]
    [DynamicData(nameof(Nodes))]
    public void Read_NodeWeCannotTakeOver_IsRefusedByName(string name, string reason, Action<object> build)
    {
        var graph = new ForeignGraph(TensorShape.Image(8, 8, 3));
        build(graph);

        var fault = AssertRefused(graph.ToModel(), reason);

        _ = name;
        if (!fault.Contains("softmax ends", StringComparison.Ordinal))
            StringAssert.Contains(fault, "'/net/");
    }

    [TestMethod]
    public void Read_WeightTakenOut_IsRefusedByName()
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Expected.Torch("export.onnx")));
        model.Graph.Initializer.Remove(model.Graph.Initializer.Single(tensor => tensor.Name == "features.3.bias"));

        StringAssert.Contains(AssertRefused(model, "'features.3.bias'"), "'node_conv2d_1' (Conv)");
    }

    [TestMethod]
    public void Read_Branch_IsRefusedByItsNodes()
    {
        var model = new ForeignGraph(TensorShape.Image(8, 8, 3)).Then("Relu").Then("Flatten").ToModel();
        model.Graph.Node.Add(new NodeProto { Name = "second", OpType = "Sigmoid", Input = { model.Graph.Node[0].Output[0] }, Output = { "y" } });

        StringAssert.Contains(AssertRefused(model, "branch"), "'second' (Sigmoid)");
    }

    [TestMethod]
    public void Read_NodeBesideTheChain_IsRefusedByName()
    {
        var model = new ForeignGraph(TensorShape.Image(8, 8, 3)).Then("Flatten").ToModel();
        model.Graph.Node.Add(new NodeProto { Name = "apart", OpType = "RandomNormal", Output = { "y" } });

        AssertRefused(model, "'apart' (RandomNormal)");
    }

    [TestMethod]
    public void Read_Circle_IsRefused()
    {
        var model = new ForeignGraph(TensorShape.Image(8, 8, 3)).Then("Relu").Then("Relu").ToModel();
        model.Graph.Node[0].Input[0] = model.Graph.Node[1].Output[0];
        model.Graph.Node[1].Output[0] = model.Graph.Node[0].Input[0];

        AssertRefused(model, "(Relu)");
    }

    [TestMethod]
    public void Read_OtherDomain_IsRefusedByName()
    {
        var model = new ForeignGraph(TensorShape.Image(8, 8, 3)).Then("Conv").ToModel();
        model.Graph.Node[0].Domain = "com.microsoft";

        AssertRefused(model, "(com.microsoft.Conv)");
    }

    [TestMethod]
    [DataRow(DataType.Int32)]
    [DataRow(DataType.Float8E4M3Fn)]
    [DataRow(DataType.Int8)]
    public void Read_OtherNumbers_AreRefusedByWeight(DataType type)
    {
        var model = new ForeignGraph(TensorShape.Image(3, 3, 3)).Then("Flatten").Classes(27).ToModel();
        model.Graph.Initializer[0].DataType = (int)type;

        AssertRefused(model, $"type {type}");
    }

    [TestMethod]
    public void Read_WeightCutShort_IsRefused()
    {
        var model = new ForeignGraph(TensorShape.Image(3, 3, 3)).Then("Flatten").Classes(27).ToModel();
        model.Graph.Initializer[0].RawData = ByteString.CopyFrom(model.Graph.Initializer[0].RawData.Span[..^4]);

        AssertRefused(model, "instead of 108");
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.NegativeInfinity)]
    public void Read_WeightThatIsNoFiniteNumber_IsRefusedByName(float value)
    {
        var model = new ForeignGraph(TensorShape.Image(3, 3, 3)).Then("Flatten").Classes(27).ToModel();
        var bytes = model.Graph.Initializer[0].RawData.ToByteArray();
        BitConverter.TryWriteBytes(bytes.AsSpan(8), value);
        model.Graph.Initializer[0].RawData = ByteString.CopyFrom(bytes);

        StringAssert.Contains(AssertRefused(model, FormattableString.Invariant($"holds {value} as number 3 of 108")), $"'{model.Graph.Initializer[0].Name}'");
    }

    [TestMethod]
    public void Read_ValuesLeftInAnotherOrder_AreRefused() => AssertRefused(
        new ForeignGraph(TensorShape.Image(3, 3, 3)).Then("Transpose", Attribute("perm", 0, 2, 3, 1)).Then("Flatten").ToModel(),
        "channels last");

    [TestMethod]
    public void Read_WeightTurnedWithoutEnd_IsRefused()
    {
        var graph = new ForeignGraph(TensorShape.Image(1, 1, 4)).Then("Flatten");
        var weight = graph.Weight(4, 4);
        for (var i = 0; i < 100; i++)
            weight = graph.Beside("Transpose", [weight], Attribute("perm", 1, 0));

        AssertRefused(graph.Then("MatMul", [weight]).ToModel(), "turn the same weight");
    }

    [TestMethod]
    public void Read_HugePictureWithoutWeights_TakesNoRoom()
    {
        var model = new ForeignGraph(TensorShape.Image(20_000, 20_000, 3)).Then("Transpose", Attribute("perm", 0, 2, 3, 1))
            .Then("Flatten").Then("Sigmoid").ToModel();
        var before = GC.GetAllocatedBytesForCurrentThread();

        AssertRefused(model, "channels last");

        Assert.IsLessThan(10_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Read_UnknownPictureSize_IsRefused()
    {
        var model = new ForeignGraph(TensorShape.Image(3, 3, 3)).Then("Flatten").Classes(27).ToModel();
        model.Graph.Input[0].Type.TensorType.Shape.Dim[2].DimParam = "height";

        AssertRefused(model, "fixed size");
    }

    [TestMethod]
    public void Read_TwoInputs_AreRefused()
    {
        var model = new ForeignGraph(TensorShape.Image(3, 3, 3)).Then("Flatten").Classes(27).ToModel();
        model.Graph.Input.Add(new ValueInfoProto { Name = "mask" });

        AssertRefused(model, "2 inputs (input, mask)");
    }

    [TestMethod]
    public void Read_ManyNodesOfOneWeight_DoNotMultiplyIt()
    {
        var graph = new ForeignGraph(TensorShape.Image(1, 1, 3)).Then("Flatten");
        var weight = graph.Weight(3, 3);
        var large = graph.Then("MatMul", [graph.Weight(3, 100)]).Weight(100, 100);
        for (var i = 0; i < 50; i++)
            graph.Then("MatMul", [large]);

        _ = weight;
        AssertRefused(graph.ToModel(), "more values than its files hold");
    }

    [TestMethod]
    public void Read_OurOwnGraphChanged_IsRefused()
    {
        var model = TinyModel.Of(
            new Sequential(TensorShape.Image(2, 2, 3)) { new Flatten(), new Dense(3, Activation.Softmax) }, imageSize: 2, seed: 1);
        var graph = ModelProto.Parser.ParseFrom(TinyModel.ToOnnx(model));
        graph.Graph.Initializer.Single(tensor => tensor.Name == "top/k").Int64Data.Clear();

        AssertRefused(graph, "changed or damaged");
    }

    [TestMethod]
    public void Read_NoGraph_IsRefused() => AssertRefused(new ModelProto { ProducerName = "pytorch" }, "no graph");

    private static object[] Case(string name, string reason, Action<ForeignGraph> build) =>
        [name, reason, (Action<object>)(graph => build((ForeignGraph)graph))];

    private static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    private static AttributeProto Number(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    private static string AssertRefused(ModelProto model, string reason)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("a.onnx", model.ToByteArray());

        var fault = Assert.ThrowsExactly<AlexNetException>(() => OnnxFile.Read(file));

        StringAssert.Contains(fault.Message, reason);
        return fault.Message;
    }

    [TestMethod]
    [DataRow("/model.onnx", "none.bin", "is not there")]
    [DataRow("/folder/model.onnx", "../none.bin", "outside the folder")]
    [DataRow("/model.onnx", "a\0b", "NUL")]
    public void Find_WeightsInAnotherFile_AreLookedForBesideTheGraph(string graph, string location, string reason)
    {
        var tensor = new TensorProto { Name = "w", DataLocation = TensorProto.Types.DataLocation.External };
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => new ExternalData(graph).Find(tensor)).Message, reason);
    }
}
