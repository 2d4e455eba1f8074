using Google.Protobuf;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Layers;
using Onnx;
using static MlNetAlexNet.Formats.Onnx.Graph.OnnxGraph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Tests.Formats.Onnx;

/// <summary>Graphs of other programs: what is read scores as ONNX Runtime does on the graph itself.</summary>
[TestClass]
public sealed class OnnxFileTests
{
    private static readonly AttributeProto s_window3 = Attribute("kernel_shape", 3, 3);
    private static readonly AttributeProto s_stride2 = Attribute("strides", 2, 2);

    [TestMethod]
    public void Read_ConvolutionWithEverything_ScoresAlike()
    {
        var graph = new ForeignGraph(TensorShape.Image(15, 15, 3));
        var plan = graph
            .Then("Conv", [graph.Weight(6, 3, 3, 2), graph.Weight(6)], Attribute("pads", 0, 1, 2, 0), Attribute("strides", 1, 2))
            .Then("Relu")
            .Then("Conv", [graph.Weight(4, 3, 3, 3)], Attribute("group", 2), Attribute("dilations", 2, 1), s_window3)
            .Then("Relu")
            .Then("Conv", [graph.Weight(5, 4, 1, 1), graph.Weight(5)])
            .Classify(5).AssertReadScoresAlike();

        var convolutions = plan.Select(layer => layer.Layer).OfType<Conv2D>().ToArray();
        CollectionAssert.AreEqual(new[] { true, false, true }, convolutions.Select(conv => conv.UseBias).ToArray());
        CollectionAssert.AreEqual(
            new[] { Activation.Relu, Activation.Relu, Activation.Linear }, convolutions.Select(conv => conv.Activation).ToArray());
    }

    [TestMethod]
    [DataRow("SAME_UPPER")]
    [DataRow("SAME_LOWER")]
    [DataRow("VALID")]
    [DataRow("NOTSET")]
    public void Read_AutomaticPadding_ScoresAlike(string padding)
    {
        var automatic = new AttributeProto { Name = "auto_pad", Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(padding) };
        var graph = new ForeignGraph(TensorShape.Image(14, 14, 3));

        graph.Then("Conv", [graph.Weight(4, 3, 3, 3)], s_stride2, automatic)
            .Then("MaxPool", s_window3, s_stride2, automatic)
            .Classify(4).AssertReadScoresAlike();
    }

    [TestMethod]
    [DataRow("MaxPool", 12, new long[] { 0, 0, 0, 0 }, DisplayName = "largest")]
    [DataRow("MaxPool", 12, new long[] { 1, 1, 1, 1 }, DisplayName = "largest, padded")]
    [DataRow("MaxPool", 11, new long[] { 1, 0, 1, 0 }, DisplayName = "largest, a window that would begin after the end")]
    [DataRow("AveragePool", 12, new long[] { 0, 0, 0, 0 }, DisplayName = "mean")]
    public void Read_PoolingRoundedUp_ScoresAlike(string operation, int side, long[] pads)
    {
        var graph = new ForeignGraph(TensorShape.Image(side, side, 3));

        graph.Then("Conv", [graph.Weight(4, 3, 1, 1)])
            .Then(operation, s_window3, s_stride2, Attribute("pads", pads), Attribute("ceil_mode", 1))
            .Classify(4).AssertReadScoresAlike();
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void Read_MeanWithPadding_ScoresAlike(int counted)
    {
        var graph = new ForeignGraph(TensorShape.Image(11, 11, 3));

        graph.Then("Conv", [graph.Weight(4, 3, 1, 1)])
            .Then("AveragePool", s_window3, s_stride2, Attribute("pads", 1, 2, 1, 0), Attribute("count_include_pad", counted))
            .Classify(4).AssertReadScoresAlike();
    }

    [TestMethod]
    public void Read_ResponseNormalization_HasThePapersAlpha()
    {
        var graph = new ForeignGraph(TensorShape.Image(6, 6, 3));

        var plan = graph.Then("Conv", [graph.Weight(7, 3, 1, 1)])
            .Then("LRN", Attribute("size", 5), Float("alpha", 5e-1f), Float("beta", 0.75f), Float("bias", 2))
            .Classify(7).AssertReadScoresAlike();

        Assert.AreEqual(new LocalResponseNormalization(5, 0.1, 0.75, 2), plan[1].Layer with { Name = null });
    }

    [TestMethod]
    public void Read_PaddedImage_ScoresAlike()
    {
        var graph = new ForeignGraph(TensorShape.Image(6, 6, 3));

        graph.Then("Pad", [graph.Numbers(0, 0, 2, 1, 0, 0, 0, 3), graph.Number(0)])
            .Then("Conv", [graph.Weight(4, 3, 3, 3)])
            .Then("MaxPool", Attribute("kernel_shape", 2, 2)).Then("Relu")
            .Classify(4).AssertReadScoresAlike();
    }

    [TestMethod]
    public void Read_ImagePaddedWithItsChannelsLast_ScoresAlike()
    {
        var graph = new ForeignGraph(TensorShape.Image(6, 6, 3));

        var plan = graph.Then("Transpose", Attribute("perm", 0, 2, 3, 1)).Then("Pad", [graph.Numbers(0, 2, 1, 0, 0, 0, 3, 0)])
            .Then("Transpose", Attribute("perm", 0, 3, 1, 2)).Then("Conv", [graph.Weight(4, 3, 3, 3)])
            .Classify(4).AssertReadScoresAlike();

        Assert.AreEqual(new PaddingSides(2, 0, 1, 3), ((ZeroPadding2D)plan[0].Layer).Sides);
    }

    [TestMethod]
    public void Read_Products_ScoreAlike()
    {
        var graph = new ForeignGraph(TensorShape.Image(4, 4, 3));

        var plan = graph.Then("Reshape", [graph.Numbers(-1, 48)])
            .Then("Gemm", [graph.Weight(48, 9), graph.Weight(1, 9)]).Then("Relu")
            .Then("MatMul", [graph.Weight(9, 8)]).Then("Add", [graph.Weight(8)]).Then("Relu")
            .Then("MatMul", [graph.Weight(8, 7)]).ThenAfter(graph.Weight(7), "Add")
            .Then("Gemm", [graph.Weight(6, 7)], Attribute("transB", 1))
            .Then("MatMul", [graph.Weight(6, 5)])
            .Then("Dropout", [graph.Number(0.3f)]).Then("Identity")
            .Classes(5).AssertReadScoresAlike();

        Assert.AreEqual(0.3, plan.Select(layer => layer.Layer).OfType<Dropout>().Single().Rate);
    }

    [TestMethod]
    public void Read_BatchNormalization_StaysALayer()
    {
        var graph = new ForeignGraph(TensorShape.Image(8, 8, 3));

        var plan = graph.Then("Conv", [graph.Weight(6, 3, 3, 3)])
            .Then("BatchNormalization", [graph.Weight(6), graph.Weight(6), graph.Weight(6), graph.Weight(3, [6])], Float("epsilon", 1e-2f))
            .Then("Relu").Then("GlobalAveragePool").Then("Flatten")
            .Then("Gemm", [graph.Weight(6, 5), graph.Weight(5)])
            .Then("Relu").Then("BatchNormalization", [graph.Weight(5), graph.Weight(5), graph.Weight(5), graph.Weight(3, [5])])
            .Classes(5).AssertReadScoresAlike();

        Assert.AreEqual(new BatchNormalization(0.9, 1e-2), plan[1].Layer with { Name = null });
        Assert.AreEqual(new BatchNormalization(0.9, 1e-5), plan.Select(layer => layer.Layer).OfType<BatchNormalization>().Last() with { Name = null });
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(192)]
    public void Read_ViewOfTheBatchsSize_ScoresAlike(int width)
    {
        // x.view(x.size(0), -1), as PyTorch's exporter of TorchScript writes it
        var graph = new ForeignGraph(TensorShape.Image(8, 8, 3));
        var size = graph.Beside("Gather", [graph.Beside("Shape", []), graph.Numbers(0)]);
        var shape = graph.Beside("Concat", [size, graph.Numbers(width)], Attribute("axis", 0));

        graph.Then("Reshape", [shape]).Classes(192).AssertReadScoresAlike();
    }

    [TestMethod]
    public void Read_PaddingThatIsWorkedOut_ScoresAlike()
    {
        // torch.nn.ZeroPad2d((1, 2, 0, 3)), as PyTorch's exporter of TorchScript writes it
        var graph = new ForeignGraph(TensorShape.Image(5, 5, 3));
        var padded = graph.Beside("Concat", [graph.Numbers(1, 2, 0, 3), graph.Numbers(0, 0, 0, 0)], Attribute("axis", 0));
        var pairs = graph.Beside("Reshape", [padded, graph.Numbers(-1, 2)]);
        var reversed = graph.Beside(
            "Slice", [pairs, graph.Numbers(-1), graph.Numbers(long.MinValue + 1), graph.Numbers(0), graph.Numbers(-1)]);
        var turned = graph.Beside("Transpose", [reversed], Attribute("perm", 1, 0));
        var pads = graph.Beside("Cast", [graph.Beside("Reshape", [turned, graph.Numbers(-1)])], Attribute("to", 7L));

        var plan = graph.Then("Pad", [pads]).Then("Conv", [graph.Weight(4, 3, 3, 3)]).Classify(4).AssertReadScoresAlike();

        Assert.AreEqual(new PaddingSides(0, 3, 1, 2), ((ZeroPadding2D)plan[0].Layer).Sides);
    }

    [TestMethod]
    public void Read_Activations_ScoreAlike()
    {
        var graph = new ForeignGraph(TensorShape.Image(6, 6, 3));

        var plan = graph.Then("Conv", [graph.Weight(4, 3, 3, 3)]).Then("LeakyRelu", Float("alpha", 0.2f))
            .Then("Conv", [graph.Weight(4, 4, 1, 1)]).Then("Elu")
            .Then("Conv", [graph.Weight(4, 4, 1, 1)]).Then("Elu", Float("alpha", 0.5f)).Then("Tanh").Then("Flatten")
            .Then("Gemm", [graph.Weight(64, 5)]).Then("Sigmoid").Classes(5).AssertReadScoresAlike();

        Assert.AreEqual(0.2, plan.Select(layer => layer.Layer).OfType<LeakyReLU>().Single().NegativeSlope);
        Assert.AreEqual(0.5, plan.Select(layer => layer.Layer).OfType<ELU>().Single().Alpha);
        Assert.AreEqual(Activation.Sigmoid, ((Dense)plan[^2].Layer).Activation);
    }

    [TestMethod]
    public void Read_TransposesBeforeFlatten_ScoreAlike()
    {
        // channels last before the dense layer, whose kernel is in that order; what stands between is, too
        var graph = new ForeignGraph(TensorShape.Image(5, 5, 3));

        graph.Then("Conv", [graph.Weight(4, 3, 2, 3)]).Then("Transpose", Attribute("perm", 0, 2, 3, 1)).Then("Relu")
            .Then("Reshape", [graph.Numbers(-1, 48)]).Then("Dropout").Then("Mul", [graph.Weight(1, [48])])
            .Then("BatchNormalization", [graph.Weight(48), graph.Weight(48), graph.Weight(48), graph.Weight(3, [48])])
            .Then("Gemm", [graph.Weight(48, 5), graph.Weight(5)]).Then("Relu").Classes(5).AssertReadScoresAlike();
    }

    [TestMethod]
    public void Read_ProductsOfTurnedWeights_ScoreAlike()
    {
        var graph = new ForeignGraph(TensorShape.Image(4, 4, 3)).Then("Flatten");
        var turned = graph.Beside("Transpose", [graph.Weight(9, 48)], Attribute("perm", 1, 0));
        var flat = graph.Beside("Reshape", [graph.Weight(9, 1, 8), graph.Numbers(-1, 8)]);

        graph.Then("MatMul", [turned]).Then("Add", [graph.Weight(9)])
            .Then("MatMul", [flat]).Then("Gemm", [graph.Weight(8, 7), graph.Number(0.5f)], Float("alpha", 2), Float("beta", 0.5f))
            .Classes(7).AssertReadScoresAlike();
    }

    [TestMethod]
    public void Read_MeansInEveryForm_ScoreAlike()
    {
        foreach (var (keeps, squeezes) in (IEnumerable<(int, bool)>)[(0, false), (1, true), (1, false)])
        {
            var graph = new ForeignGraph(TensorShape.Image(6, 6, 3));
            graph.Then("Conv", [graph.Weight(4, 3, 3, 3)]).Then("Transpose", Attribute("perm", 0, 2, 3, 1))
                .Then("ReduceMean", Attribute("axes", 1, 2), Attribute("keepdims", keeps));
            if (squeezes)
                graph.Then("Squeeze", [graph.Numbers(1, 2)]);
            else if (keeps == 1)
                graph.Then("Transpose", Attribute("perm", 0, 3, 1, 2)).Then("Conv", [graph.Weight(4, 4, 1, 1)]).Then("Flatten");

            graph.Then("Unsqueeze", [graph.Numbers(2)]).Then("Squeeze", [graph.Numbers(-1)]).Classes(4).AssertReadScoresAlike();
        }
    }

    [TestMethod]
    public void Read_LargestOfEachChannel_ScoresAlike()
    {
        var graph = new ForeignGraph(TensorShape.Image(6, 6, 3));

        graph.Then("Conv", [graph.Weight(4, 3, 3, 3)]).Then("GlobalMaxPool").Then("Flatten").Classes(4).AssertReadScoresAlike();
    }

    [TestMethod]
    public void Read_ConstantsInTheMiddle_AreWorkedInOrNormalize()
    {
        var graph = new ForeignGraph(TensorShape.Image(6, 6, 3));

        var plan = graph.Then("Conv", [graph.Weight(4, 3, 3, 3), graph.Weight(4)])
            .Then("Mul", [graph.Weight(1, [4, 1, 1])]).Then("Sub", [graph.Weight(1, 4, 1, 1)]).Then("Relu")
            .Then("Mul", [graph.Weight(1, [4, 1, 1])]).Then("Add", [graph.Number(0.3f)]).Then("Div", [graph.Number(2)])
            .ThenAfter(graph.Number(0.1f), "Sub").Then("Flatten").Classes(64).AssertReadScoresAlike();

        Assert.HasCount(4, plan);
    }

    [TestMethod]
    public void Read_ConstantsAtTheInput_AreWhatHappensToAPicture()
    {
        var torch = new ForeignGraph(TensorShape.Image(6, 6, 3));
        torch.Then("Sub", [torch.Values([0.485f, 0.456f, 0.406f], 3, 1, 1)])
            .Then("Div", [torch.Values([0.229f, 0.224f, 0.225f], 1, 3, 1, 1)]).Then("Flatten").Classes(108);
        var caffe = new ForeignGraph(TensorShape.Image(6, 6, 3));
        caffe.Then("Mul", [caffe.Number(255)]).Then("Sub", [caffe.Values([104, 117, 123], 3, 1, 1)]).Then("Flatten").Classes(108);
        var bytes = new ForeignGraph(TensorShape.Image(6, 6, 3)).Then("Cast", Attribute("to", 1L)).Then("Flatten").Classes(108).ToModel();
        bytes.Graph.Input[0].Type.TensorType.ElemType = (int)DataType.Uint8;

        var ofTorch = Read(torch.ToModel()).Normalization!;
        var ofCaffe = Read(caffe.ToModel()).Normalization!;
        var ofBytes = Read(bytes).Normalization!;

        Assert.AreEqual(0.456f * 255, ofTorch.Mean[1], 1e-3f);
        Assert.AreEqual(0.225f * 255, ofTorch.StandardDeviation[2], 1e-3f);
        StringAssert.Contains(ofTorch.Source, "of values from 0 to 1");
        Assert.AreEqual(123, ofCaffe.Mean[2], 1e-3f);
        Assert.AreEqual(1, ofCaffe.StandardDeviation[0], 1e-5f);
        CollectionAssert.AreEqual(new float[] { 0, 0, 0, 1, 1, 1 }, ofBytes.Mean.Concat(ofBytes.StandardDeviation).ToArray());
    }

    [TestMethod]
    public void Read_NegativeFactorAtTheInput_ScoresAlike()
    {
        var graph = new ForeignGraph(TensorShape.Image(6, 6, 3));

        graph.ThenAfter(graph.Number(1), "Sub").Then("Conv", [graph.Weight(4, 3, 3, 3)]).Classify(4).AssertReadScoresAlike();
    }

    [TestMethod]
    public void Read_LogarithmsOfProbabilities_AreProbabilities()
    {
        var graph = new ForeignGraph(TensorShape.Image(3, 3, 3)).Then("Flatten");
        graph.Then("Gemm", [graph.Weight(27, 4)]).Then("LogSoftmax", Attribute("axis", 1));

        var read = Read(graph.ToModel());

        Assert.AreEqual(Activation.Softmax, ((Dense)read.Plan[^1].Layer).Activation);
        StringAssert.Contains(read.Assumed.Single(), "logarithms");
    }

    [TestMethod]
    public void Read_OurOwnGraph_ComesBackWithItsNames()
    {
        var model = TinyModel.Of(
            new Sequential(TensorShape.Image(9, 9, 3)) { new Conv2D(4, 3) { Name = "mine" }, new Flatten(), new Dense(3, Activation.Softmax) },
            imageSize: 10,
            seed: 3);
        using var folder = new TemporaryFolder();

        var read = OnnxFile.Read(folder.Write("own.onnx", TinyModel.ToOnnx(model)));

        CollectionAssert.AreEqual(model.Plan.Select(layer => layer.Layer).ToArray(), read.Plan.Select(layer => layer.Layer).ToArray());
        SameWeights.Assert(model.Weights, read.Weights);
    }

    private static AttributeProto Float(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    private static ModelFileContent Read(ModelProto model)
    {
        using var folder = new TemporaryFolder();
        return OnnxFile.Read(folder.Write("a.onnx", model.ToByteArray()));
    }
}
