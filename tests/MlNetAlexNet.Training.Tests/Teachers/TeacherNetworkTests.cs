using Google.Protobuf;
using MlNetAlexNet.Training.Engine;
using MlNetAlexNet.Training.Teachers;
using Onnx;
using static TorchSharp.torch;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Training.Tests.Teachers;

[TestClass]
public sealed class TeacherNetworkTests
{
    // The other engine computes the same hidden layer.
    [TestMethod]
    public void Compute_ModelOfOurs_GivesTheLastHiddenLayerAsTorchDoes()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new TeacherNetwork(TinyTeacher.Write(folder));
        var random = new Random(5);
        var squares = new byte[3 * teacher.SquareBytes];
        random.NextBytes(squares);

        var features = teacher.Compute(squares, 3);

        var model = TinyTeacher.Model;
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(model.Plan, model.Weights, model.Preprocessing, CPU, ScalarType.Float32);
        var pixels = frombuffer(squares, ScalarType.Byte).reshape(3, 32, 32, 3)          // 3 x 32 x 32 x 3
            .narrow(1, 2, 28).narrow(2, 2, 28);                                          // 3 x 28 x 28 x 3
        var (hidden, _) = network.ForwardWithHidden(network.Normalize(pixels), dropout: null);
        Assert.AreEqual((TinyTeacher.Width, 32), (teacher.Width, teacher.Side));
        Assert.AreEqual(TinyTeacher.Width, network.HiddenWidth);
        var expected = hidden.flatten().data<float>().ToArray();
        Assert.IsTrue(expected.Any(value => value > 0));
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], features[i], 1e-4f);
    }

    // Means of the channels: what a value is at which place is told by hand.
    [TestMethod]
    [DataRow(false, DisplayName = "N x 3 x H x W")]
    [DataRow(true, DisplayName = "N x H x W x 3")]
    public void Compute_GraphOfFloats_GivesItNormalizedValuesInItsLayout(bool isLast)
    {
        using var folder = new TemporaryFolder();
        long[] shape = isLast ? [1, 2, 2, 3] : [1, 3, 2, 2];
        var mean = new NodeProto { OpType = "ReduceMean", Input = { "x" }, Output = { "y" } };
        mean.Attribute.Add(new AttributeProto { Name = "axes", Ints = { isLast ? [1L, 2L] : [2L, 3L] }, Type = AttributeProto.Types.AttributeType.Ints });
        mean.Attribute.Add(new AttributeProto { Name = "keepdims", I = 0, Type = AttributeProto.Types.AttributeType.Int });
        var options = Write(folder, shape, DataType.Float, mean);
        using var teacher = new TeacherNetwork(options with { Mean = [1, 2, 3], StandardDeviation = [2, 4, 8] });
        Assert.IsFalse(teacher.IsAssumed);

        byte[] squares = [.. Enumerable.Range(0, 2 * 12).Select(i => (byte)(i * 3))];
        var features = teacher.Compute(squares, 2);

        Assert.AreEqual(3, teacher.Width);
        for (var picture = 0; picture < 2; picture++)
        {
            for (var c = 0; c < 3; c++)
            {
                var average = Enumerable.Range(0, 4).Average(place => squares[picture * 12 + place * 3 + c]);
                Assert.AreEqual((average - (c + 1)) / (2 << c), features[picture * 3 + c], 1e-4);
            }
        }
    }

    // Means over places come of themselves where the channels are told; where they are not, the value is refused.
    [TestMethod]
    public void Compute_ValueWithPlaces_IsAveragedOrRefused()
    {
        using var folder = new TemporaryFolder();
        var same = new NodeProto { OpType = "Identity", Input = { "x" }, Output = { "y" } };
        using (var teacher = new TeacherNetwork(Write(folder, [1, 3, 2, 2], DataType.Float, same)))
        {
            Assert.AreEqual(3, teacher.Width);
            Assert.IsTrue(teacher.IsAssumed);
            Assert.AreEqual((10 - 116.28) / 57.12, teacher.Compute([.. Enumerable.Repeat((byte)10, 12)], 1)[1], 1e-4);
        }

        StringAssert.Contains(Refuse(Write(folder, [1, 2, 2, 3], DataType.Float, same)), "does not say which of these are channels");
        var tiny = Write(folder, [1, 3, 2, 2], DataType.Float, same) with { StandardDeviation = [1e-6f] };
        StringAssert.Contains(Refuse(tiny), "no numbers, or above 65500");
    }

    [TestMethod]
    [DataRow(new long[] { 1, 3, 2, 3 }, DataType.Float, "2x3 and no square")]
    [DataRow(new long[] { 1, 4, 2, 2 }, DataType.Float, "no dimension of three channels")]
    [DataRow(new long[] { 1, 3, 2 }, DataType.Float, "not one of four dimensions")]
    [DataRow(new long[] { 1, 3, 2, 2 }, DataType.Double, "neither 32-bit floats nor bytes")]
    public void Open_GraphOfNoPictures_IsRefused(long[] shape, DataType type, string why)
    {
        using var folder = new TemporaryFolder();
        var options = Write(folder, shape, type, new NodeProto { OpType = "Identity", Input = { "x" }, Output = { "y" } });
        StringAssert.Contains(Refuse(options), why);
    }

    [TestMethod]
    public void Open_WhatIsNoTeacher_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        StringAssert.Contains(Refuse(new() { Model = "resnet50" }), "Known by name: resnet18");
        var text = folder.Write("teacher.onnx", "no network"u8.ToArray());
        StringAssert.Contains(Refuse(new() { Model = text }), "cannot be used");
        StringAssert.Contains(Refuse(TinyTeacher.Write(folder) with { Output = "nowhere" }), "it has no value 'nowhere'");
        StringAssert.Contains(Refuse(new() { Model = "ResNet18" }), "Microsoft.ML.DnnImageFeaturizer.ResNet18"); // not beside this app
    }

    // Reshaped to one row whatever goes in: of two pictures one row.
    [TestMethod]
    public void Open_GraphOfOnePictureAtATime_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var options = Write(
            folder, [1, 3, 2, 2], DataType.Float,
            new NodeProto { OpType = "ReduceMean", Input = { "x" }, Output = { "y" }, Attribute = { new AttributeProto { Name = "keepdims", I = 0, Type = AttributeProto.Types.AttributeType.Int } } });
        StringAssert.Contains(Refuse(options), "it must give rows of 32-bit floats, one for each");
    }

    private static string Refuse(TeacherOptions options) =>
        Assert.ThrowsExactly<AlexNetException>(() => new TeacherNetwork(options).Dispose()).Message;

    private static TeacherOptions Write(TemporaryFolder folder, long[] shape, DataType type, NodeProto node)
    {
        var model = new ModelProto
        {
            IrVersion = 8,
            OpsetImport = { new OperatorSetIdProto { Version = 13 } },
            Graph = new GraphProto { Name = "teacher", Node = { node }, Input = { Value("x") }, Output = { Value("y") } },
        };
        return new() { Model = folder.Write("made.onnx", model.ToByteArray()) };

        ValueInfoProto Value(string name)
        {
            var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new TensorShapeProto() };
            tensor.Shape.Dim.AddRange(shape.Select(side => new TensorShapeProto.Types.Dimension { DimValue = side }));
            return new() { Name = name, Type = new TypeProto { TensorType = tensor } };
        }
    }
}
