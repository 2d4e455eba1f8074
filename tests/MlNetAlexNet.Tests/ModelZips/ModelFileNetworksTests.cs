using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.ModelZips;

/// <summary>
/// Files of the frameworks, completed to models that score, against what the frameworks gave: also by way of each kind of
/// file and what is beside it.
/// </summary>
[TestClass]
public sealed class ModelFileNetworksTests(TestContext context)
{
    public static IEnumerable<string> KerasFiles => KerasNetworks.Files.Concat(KerasNetworks.FilesOfOthers)
        .Where(file => !file.EndsWith(".weights.h5", StringComparison.Ordinal));

    [TestMethod]
    [DynamicData(nameof(KerasFiles))]
    public void Read_FileOfKeras_ScoresAsKeras(string file)
    {
        var read = ModelFile.Read(Expected.Keras(file), new() { CustomLayers = KerasNetworks.CustomLayers });

        AssertClose(ScoresOf(file), Score(read.Model, KerasNetworks.Pictures(file)), 1e-5, file);
    }

    public static IEnumerable<object[]> Ways =>
        from file in (string[])["keras3-binary.keras", "keras3-normalization.keras", "keras2-bn_after_pool.h5", "keras3-rescaling.keras"]
        from way in (string[])["a.zip", "a.onnx", "a.keras", "a.h5", "a/model.json", "a.weights.h5", "a.pth", "a.safetensors"]
        from embeds in (bool[])[false, true]
        where !embeds || ModelFile.ChooseFormat(way).EmbedsNormalization
        select (object[])[file, way, embeds];

    [TestMethod]
    [DynamicData(nameof(Ways))]
    public void Write_CompletedModelAndBack_ScoresTheSame(string file, string way, bool embeds)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, way);
        var model = ModelFile.Read(Expected.Keras(file)).Model;
        ModelFile.Write(model, path, embedNormalization: embeds);

        var network = ModelFile.HoldsStack(path) ? null : new Sequential(model.Plan.Input, model.Plan.Select(planned => planned.Layer));
        var back = ModelFile.Read(path, new() { Network = network });

        CollectionAssert.AreEqual(
            embeds ? ["values from 0 to 255, which the layer"] : Array.Empty<string>(),
            back.Assumed.Select(text => text[..Math.Min(text.Length, 37)]).ToArray());
        var pictures = KerasNetworks.Pictures(file);
        AssertClose(Score(model, pictures), Score(back.Model, pictures), embeds ? 1e-6 : 0, $"{file} by way of {way}");
    }

    [TestMethod]
    public void Read_OneLogitOfPyTorch_ScoresItsSigmoid()
    {
        var (path, stack) = (Expected.Torch("one_logit.pth"), File.ReadAllText(Expected.Torch("batchnorm-1.stack.json")));
        var imageNet = AlexNet.GetPreset("torchvision").Preprocessing!;
        var options = new ModelFileOptions
        {
            KerasConfiguration = stack.Replace("\"sigmoid\"", "\"linear\"", StringComparison.Ordinal),
            Mean = [0.485f, 0.456f, 0.406f],
            StandardDeviation = [0.229f, 0.224f, 0.225f],
            ImageSize = imageNet.CropSize,
        };

        Assert.AreEqual(
            "LastActivation", Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(path, options)).Option);
        foreach (var said in (ModelFileOptions[])
            [options with { LastActivation = Activation.Sigmoid }, options with { KerasConfiguration = stack }])
        {
            var scores = Score(ModelFile.Read(path, said).Model, NpyFile.Read(Expected.Torch("x224b.npy")));

            var logits = NpyFile.Read(Expected.Torch("one_logit.logits.npy")).Floats;
            AssertClose([.. logits.SelectMany(logit => TwoClasses(1 / (1 + MathF.Exp(-logit))))], scores, 1e-5, "one_logit");
        }
    }

    [TestMethod]
    public void Read_AlexNetOfTheModelZoo_TakesRedFirstAndCaffesMean()
    {
        var path = Expected.Onnx("model-zoo-bvlc-alexnet.onnx");
        var read = ModelFile.Read(path);

        CollectionAssert.IsSubsetOf(
            new[] { "colours blue first (Caffe)", "a mean of 123,117,104 (Caffe)", "a deviation of 1 (Caffe)" },
            read.Assumed.ToArray());
        var model = WithoutBorder(read.Model);
        var pixels = TinyModel.Pixels(model, new Random(1));
        var expected = new DenseTensor<float>([1, 3, 224, 224]);
        for (var i = 0; i < pixels.Length; i++) // blue first, less 104, 117 and 123 in that order
            expected[0, 2 - i % 3, i / 3 / 224, i / 3 % 224] = pixels[i] - ((float[])[123, 117, 104])[i % 3];

        using var session = new InferenceSession(path);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("data_0", expected)]);
        AssertClose([.. results[0].AsEnumerable<float>()], Score(model, new NpyFile([1, 224, 224, 3], pixels)), 1e-6, path);
        var redFirst = WithoutBorder(ModelFile.Read(path, new() { ChannelOrder = ChannelOrder.Rgb }).Model);
        Assert.AreNotEqual(results[0].AsEnumerable<float>().First(), Score(redFirst, new NpyFile([1, 224, 224, 3], pixels))[0], 1e-4f);
    }

    private static TrainedModel WithoutBorder(TrainedModel model) => new(
        model.Plan, model.Weights, model.Preprocessing with { ImageSize = model.Preprocessing.CropSize }, model.Classes);

    // What the network gives, as probabilities of classes.
    private static float[] ScoresOf(string file) => KerasNetworks.NameOf(file).Split('-')[1] switch
    {
        "binary" => [.. KerasNetworks.Outputs(file).SelectMany(TwoClasses)],
        "logits" => [.. KerasNetworks.Outputs(file).Chunk(10).SelectMany(Softmax)],
        _ => KerasNetworks.Outputs(file),
    };

    private static float[] TwoClasses(float sigmoid) => [1 - sigmoid, sigmoid];

    private static IEnumerable<float> Softmax(float[] logits)
    {
        var sum = logits.Sum(logit => Math.Exp(logit));
        return logits.Select(logit => (float)(Math.Exp(logit) / sum));
    }

    private static float[] Score(TrainedModel model, NpyFile pictures)
    {
        using var session = new ScoringSession(TinyModel.ToOnnx(model));
        return [.. session.Score(pictures.Bytes, pictures.Shape[0]).SelectMany(prediction => prediction.Score)];
    }

    private void AssertClose(float[] expected, float[] actual, double allowed, string what)
    {
        Assert.HasCount(expected.Length, actual, what);
        var largest = expected.Zip(actual, (one, other) => Math.Abs((double)one - other)).Max();
        context.WriteLine(FormattableString.Invariant($"{what}: largest difference {largest:e1}"));
        Assert.IsLessThanOrEqualTo(allowed, largest, what);
    }
}
