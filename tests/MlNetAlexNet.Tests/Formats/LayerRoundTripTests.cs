using Google.Protobuf;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using Onnx;

namespace MlNetAlexNet.Tests.Formats;

/// <summary>Every kind of layer is written in every format and comes back with its settings and its scores.</summary>
[TestClass]
public sealed class LayerRoundTripTests
{
    private const string KerasConfiguration = "configuration of Keras";
    private const string ForeignOnnx = "ONNX of another program";
    private static readonly string[] s_kerasFiles = ["model.keras", "model.h5", "model.json", KerasConfiguration];

    private static readonly string[] s_formats =
    [
        "model.zip", "model.onnx", ForeignOnnx, "model.pth", "model.safetensors", "model.weights.h5", .. s_kerasFiles,
    ];

    // What a framework does not have: the layer is refused by name. Every other pair goes there and back.
    private static readonly HashSet<(string Format, Type Layer)> s_lacking =
    [
        .. s_kerasFiles.Select(file => (file, typeof(LocalResponseNormalization))),
        ("model.json", typeof(ELU)), // of another alpha than 1, as the example is
        (ForeignOnnx, typeof(AdaptiveAveragePooling2D)), // ONNX has no operator, and two products are not known as one
    ];

    public static IEnumerable<object[]> Pairs =>
        from format in s_formats from kind in LayerExamples.Kinds select (object[])[format, kind];

    [TestMethod]
    [DynamicData(nameof(Pairs))]
    public void RoundTrip_EveryKindOfLayer_ComesBackOrIsLacking(string format, Type kind)
    {
        foreach (var model in LayerExamples.Models(kind))
        {
            if (s_lacking.Contains((format, kind)))
            {
                var layer = model.Plan.First(planned => planned.Layer.GetType() == kind).Name;
                Assert.Contains(
                    layer, Assert.ThrowsExactly<AlexNetException>(() => RoundTrip(format, model)).Message);
                continue;
            }

            var (plan, weights) = RoundTrip(format, model);

            CollectionAssert.AreEqual(
                model.Plan.Select(planned => InWordsOf(format, planned)).ToArray(),
                plan.Select(planned => planned.Layer).ToArray());
            var read = new TrainedModel(plan, weights, model.Preprocessing, model.Classes);
            var (expected, scores) = (Score(model), Score(read));
            for (var i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], scores[i], 1e-6, $"class {i}");
        }
    }

    private static double[] Score(TrainedModel model) => ReferenceNetwork.Score(model, LayerExamples.Pixels());

    // The same layer where a framework has no word of its own for it.
    private static Layer InWordsOf(string format, PlannedLayer planned) => planned.Layer switch
    {
        // 8 x 8 pixels in cells of one size
        AdaptiveAveragePooling2D { OutputSize: (4, 2) } when s_kerasFiles.Contains(format) =>
            new AveragePooling2D((2, 4)) { Name = planned.Name },
        BatchNormalization norm when format == ForeignOnnx => norm with { Center = true, Scale = true }, // by 1, by 0
        Conv2D conv when format == "model.json" => conv with { Groups = 1 }, // zeros between the groups
        var layer => layer,
    };

    private static (LayerPlan Plan, WeightSet Weights) RoundTrip(string format, TrainedModel model)
    {
        if (format == KerasConfiguration)
            return (KerasConfig.Parse(KerasConfig.ToJson(model.Plan)).Plan(), model.Weights);

        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, format == ForeignOnnx ? "model.onnx" : format);
        if (format == ForeignOnnx)
            WriteForeign(model, path);
        else
            ModelFile.Write(model, path);

        var read = ModelFile.Read(path, new ModelFileOptions
        {
            Network = ModelFile.HoldsStack(path)
                ? null
                : new Sequential(model.Plan.Input, model.Plan.Select(planned => planned.Layer)),
        }).Model;
        return (read.Plan, read.Weights);
    }

    // Our graph from the normalised pixels to the probabilities, as if another program had written it.
    private static void WriteForeign(TrainedModel model, string path)
    {
        var own = ModelProto.Parser.ParseFrom(TinyModel.ToOnnx(model)).Graph;
        var nodes = own.Node.SkipWhile(node => node.Name != OnnxNames.Normalised).Skip(1)
            .TakeWhile(node => node.Name != OnnxNames.Top).ToList();
        var used = nodes.SelectMany(node => node.Input).ToHashSet();
        var (graph, input) = (new OnnxGraph("main_graph"), model.Plan.Input);
        graph.Input(OnnxNames.Normalised, TensorProto.Types.DataType.Float, input.Channels, input.Height, input.Width);
        graph.Observe(OnnxNames.Score);
        var foreign = graph.ToModel("pytorch");
        foreign.Graph.Node.AddRange(nodes);
        foreign.Graph.Initializer.AddRange(own.Initializer.Where(tensor => used.Contains(tensor.Name)));
        File.WriteAllBytes(path, foreign.ToByteArray());
    }
}
