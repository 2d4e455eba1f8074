using Google.Protobuf;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Layers;
using Onnx;

namespace MlNetAlexNet.Tests.Formats.Onnx;

[TestClass]
public sealed class SplitOnnxTests
{
    [TestMethod]
    public void WriteTo_ChangedModel_IsTheModelWithTheChange()
    {
        var bytes = Model();
        var expected = ModelProto.Parser.ParseFrom(bytes);
        var split = new SplitOnnx(bytes);
        Assert.IsLessThan(bytes.Length / 2, split.Small.CalculateSize());

        foreach (var model in (ModelProto[])[expected, split.Small])
        {
            model.MetadataProps.Add(new StringStringEntryProto { Key = "a", Value = "b" });
            model.Graph.Node.RemoveAt(0);
        }

        using var written = new MemoryStream();
        split.WriteTo(written, bytes);

        Assert.AreEqual(split.Length, written.Length);
        var actual = ModelProto.Parser.ParseFrom(written.ToArray());
        foreach (var model in (ModelProto[])[expected, actual]) // in whichever order the weights stand
        {
            var weights = model.Graph.Initializer.OrderBy(weight => weight.Name, StringComparer.Ordinal).ToArray();
            model.Graph.Initializer.Clear();
            model.Graph.Initializer.Add(weights);
        }

        Assert.AreEqual(expected, actual);
    }

    // Between two fields of the model itself nobody can tell.
    [TestMethod]
    public void SplitOnnx_CutShort_IsRefusedWhereAParserRefusesIt()
    {
        var bytes = Model();
        for (var length = 0; length <= bytes.Length; length++)
        {
            var cut = bytes[..length];
            Assert.AreEqual(Takes(() => ModelProto.Parser.ParseFrom(cut)), Takes(() => new SplitOnnx(cut)), $"{length} bytes");
        }

        static bool Takes(Func<object> read)
        {
            try
            {
                read();
                return true;
            }
            catch (Exception fault) when (fault is InvalidProtocolBufferException or EndOfStreamException)
            {
                return false;
            }
        }
    }

    private static byte[] Model() => TinyModel.ToOnnx(TinyModel.Of(
        new(TensorShape.Image(12, 12, 3)) { new Conv2D(8, 5), new Flatten(), new Dense(4, Activation.Softmax) }, imageSize: 14, seed: 1));
}
