using System.Text;
using Google.Protobuf;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using Onnx;

namespace MlNetAlexNet.Tests.Formats.Onnx;

[TestClass]
public class OnnxImportTests
{
    [TestMethod]
    public void OnnxImport_OfAnExport_GivesTheSameModel()
    {
        var stack = new Sequential(TensorShape.Image(13, 13, 3))
        {
            new Conv2D(6, 3, strides: 2, padding: Padding.Same, activation: Activation.Relu, groups: 3),
            new MaxPooling2D(3, strides: (2, 1), padding: Padding.Same),
            new Conv2D(4, (2, 3), padding: Padding.Explicit(0, 1, 2, 0)) { Name = "mine" },
            new MaxPooling2D(2),
            new ActivationLayer(Activation.Linear),
            new ZeroPadding2D(1, 2, 4, 3),
            new LocalResponseNormalization(),
            new LocalResponseNormalization(3, alpha: 2e-5, beta: 0.6, k: 1.1),
            new Conv2D(4, 2, padding: Padding.Same, dilation: (1, 2), useBias: false),
            new ActivationLayer(Activation.Relu),
            new BatchNormalization(0.9, 1e-5),
            new LeakyReLU(0.01),
            new BatchNormalization(0.123, 1e-5, center: false) { Name = "norm" },
            new AveragePooling2D(3, strides: 1, padding: Padding.Same),
            new AveragePooling2D((2, 1), padding: Padding.Explicit(1, 0, 0, 0)),
            new AdaptiveAveragePooling2D((3, 2)),
            new Flatten(),
            new Dropout(0.1),
            new Dense(5, Activation.Relu),
            new Dense(4, useBias: false),
            new ELU(0.7),
            new Dense(4, Activation.Elu),
            new Dense(4, Activation.Tanh),
            new ActivationLayer(Activation.Elu),
            new BatchNormalization(scale: false),
            new ActivationLayer(Activation.Sigmoid),
            new ActivationLayer(Activation.Tanh),
            new Dense(3, Activation.Softmax),
        };
        var written = TinyModel.Of(stack, imageSize: 16, seed: 7, topK: 2);

        var read = OnnxImport.Read(new MemoryStream(TinyModel.ToOnnx(written)));

        CollectionAssert.AreEqual(stack.ToArray(), read.Plan.Select(layer => layer.Layer).ToArray());
        Assert.AreEqual(written.Plan.Input, read.Plan.Input);
        CollectionAssert.AreEqual(written.Classes.ToArray(), read.Classes.ToArray());
        Assert.AreEqual(2, read.TopK);
        Assert.AreEqual(16, read.Preprocessing.ImageSize);
        Assert.AreEqual(13, read.Preprocessing.CropSize);
        CollectionAssert.AreEqual(written.Preprocessing.Mean.ToArray(), read.Preprocessing.Mean.ToArray());
        CollectionAssert.AreEqual(
            written.Preprocessing.StandardDeviation.ToArray(), read.Preprocessing.StandardDeviation.ToArray());
        foreach (var (key, weight) in written.Weights)
            CollectionAssert.AreEqual(weight.Values, read.Weights[key].Values, key);
        CollectionAssert.AreEqual(TinyModel.ToOnnx(written), TinyModel.ToOnnx(read));
    }

    [TestMethod]
    public void OnnxImport_OfGreyPictures_GivesTheSameModel()
    {
        var stack = new Sequential(TensorShape.Image(6, 6, 1))
            { new Conv2D(2, 3), new Flatten(), new Dense(3, Activation.Softmax) };
        var written = TinyModel.Of(stack, imageSize: 8, seed: 3);

        var read = OnnxImport.Read(new MemoryStream(TinyModel.ToOnnx(written)));

        Assert.AreEqual(written.Plan.Input, read.Plan.Input);
        CollectionAssert.AreEqual(stack.ToArray(), read.Plan.Select(layer => layer.Layer).ToArray());
        CollectionAssert.AreEqual(TinyModel.ToOnnx(written), TinyModel.ToOnnx(read));
    }

    [TestMethod]
    public void OnnxImport_SoftmaxAsALayer_ComesBackAsOne()
    {
        var stack = new Sequential(TensorShape.Image(4, 4, 3))
        {
            new Conv2D(2, 3, activation: Activation.Relu), new ActivationLayer(Activation.Relu),
            new Flatten(), new Dense(3), new ActivationLayer(Activation.Softmax) { Name = "probabilities" },
        };
        var written = TinyModel.Of(stack, imageSize: 4, seed: 3);

        var read = OnnxImport.Read(new MemoryStream(TinyModel.ToOnnx(written)));

        CollectionAssert.AreEqual(stack.ToArray(), read.Plan.Select(layer => layer.Layer).ToArray());
        CollectionAssert.AreEqual(TinyModel.ToOnnx(written), TinyModel.ToOnnx(read));
    }

    [TestMethod]
    public void OnnxImport_OtherProducer_IsRefusedByName()
    {
        var foreign = new ModelProto { ProducerName = "pytorch", Graph = new GraphProto() };

        var fault = Assert.ThrowsExactly<AlexNetException>(() => Read(foreign));

        StringAssert.Contains(fault.Message, "'pytorch'");
    }

    [TestMethod]
    public void OnnxImport_NoOnnx_IsRefused()
    {
        var stream = new MemoryStream(Encoding.UTF8.GetBytes("This is no ONNX model but a line of text."));

        Assert.ThrowsExactly<AlexNetException>(() => OnnxImport.Read(stream));
    }

    [TestMethod]
    public void OnnxImport_WeightTakenOut_IsRefusedByName()
    {
        var stack = new Sequential(TensorShape.Image(2, 2, 3)) { new Flatten(), new Dense(3, Activation.Softmax) };
        var model = TinyModel.Of(stack, imageSize: 2, seed: 1);
        var graph = ModelProto.Parser.ParseFrom(TinyModel.ToOnnx(model));
        graph.Graph.Initializer.Remove(graph.Graph.Initializer.Single(tensor => tensor.Name == "dense_1/bias"));

        var fault = Assert.ThrowsExactly<AlexNetException>(() => Read(graph));

        StringAssert.Contains(fault.Message, "dense_1/bias");
    }

    private static TrainedModel Read(ModelProto model) => OnnxImport.Read(new MemoryStream(model.ToByteArray()));
}
