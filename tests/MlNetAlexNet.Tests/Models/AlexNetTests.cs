using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Models;

[TestClass]
public sealed class AlexNetTests
{
    // What Keras prints as total after each layer, with 10 classes.
    private static readonly long[] s_totalsSoFar =
    [
        34_944, 34_944, 649_600, 649_600, 1_534_720, 2_862_208,
        3_747_200, 3_747_200, 3_747_200, 41_500_032, 58_281_344, 58_322_314,
    ];

    [TestMethod]
    public void Keras_BuiltLayerByLayer_HasKerasTotalsSoFar()
    {
        var reference = AlexNet.Keras(10);
        var stack = new Sequential(reference.Input);
        var totals = new List<long>();
        foreach (var layer in reference)
        {
            stack.Add(layer);
            totals.Add(stack.Plan().Parameters);
        }

        CollectionAssert.AreEqual(s_totalsSoFar, totals);
    }

    // Parameters: Krizhevsky 2012's 60 million to the unit, and what torchvision counts; one picture's multiply-adds.
    [TestMethod]
    [DataRow("keras", 227, 62_378_344, 1_135.3)]
    [DataRow("paper", 227, 60_965_224, 724.4)]
    [DataRow("torchvision", 224, 61_100_840, 714.2)]
    [DataRow("caffe", 227, 60_965_224, 724.4)]
    [DataRow("caffenet", 227, 60_965_224, 724.4)]
    public void Preset_ThousandClasses_HasThePinnedCounts(string name, int side, long parameters, double millions)
    {
        var preset = AlexNet.GetPreset(name);

        var plan = preset.Network(1000, preset.Dropout).Plan();

        Assert.AreEqual(parameters, plan.Parameters);
        Assert.AreEqual(millions, plan.MultiplyAdds / 1e6, 0.05);
        Assert.AreEqual(TensorShape.Image(side, side, 3), plan.Input);
        Assert.AreEqual(TensorShape.Vector(1000), plan.Output);
        Assert.AreEqual(side, preset.Preprocessing?.CropSize ?? side);
    }

    [TestMethod]
    public void Paper_FirstLayers_NormalizeBeforeTheyPool() => CollectionAssert.AreEqual(
        (string[])["Conv2D", "LocalResponseNormalization", "MaxPooling2D", "Conv2D", "LocalResponseNormalization"],
        AlexNet.Paper(10).Take(5).Select(layer => layer.TypeName).ToArray());

    [TestMethod]
    public void CaffeNet_FirstLayers_PoolBeforeTheyNormalize() => CollectionAssert.AreEqual(
        (string[])["Conv2D", "MaxPooling2D", "LocalResponseNormalization", "Conv2D", "MaxPooling2D"],
        AlexNet.CaffeNet(10).Take(5).Select(layer => layer.TypeName).ToArray());

    // Caffe divides alpha by the size, as Torch and ONNX do; the layer takes the paper's.
    [TestMethod]
    public void Caffe_Normalization_IsCaffesInThePapersTerms()
    {
        var layer = AlexNet.Caffe(10).OfType<LocalResponseNormalization>().First();

        Assert.AreEqual(1, layer.K);
        Assert.AreEqual(2e-5, layer.Alpha, 1e-12);
    }

    [TestMethod]
    [DataRow("torchvision", "flatten_1, dropout_1, dense_1, dropout_2, dense_2, dense_3")]
    [DataRow("paper", "flatten_1, dense_1, dropout_1, dense_2, dropout_2, dense_3")]
    public void Preset_Dropout_IsWhereItsAuthorsHaveIt(string name, string layers) => Assert.AreEqual(
        layers, string.Join(", ", AlexNet.GetPreset(name).Network(10, 0.5).TakeLast(6).Select(layer => layer.Name)));

    [TestMethod]
    public void Preset_NoDropout_HasNoSuchLayers()
    {
        foreach (var preset in AlexNet.Presets)
            Assert.IsFalse(preset.Network(10, 0).Any(layer => layer is Dropout), preset.Name);
    }

    // torchvision's values are of pictures from 0 to 1; ours are bytes.
    [TestMethod]
    public void Preset_Torchvision_NormalizesAsTorchvision()
    {
        var preprocessing = AlexNet.GetPreset("torchvision").Preprocessing!;

        Assert.AreEqual(0.406, preprocessing.Mean[2] / 255, 1e-6);
        Assert.AreEqual(0.229, preprocessing.StandardDeviation[0] / 255, 1e-6);
    }

    [TestMethod]
    [DataRow("paper", 1, 0.01)]
    [DataRow("caffe", 0.1, 0.005)]
    [DataRow("caffenet", 1, 0.005)]
    public void Preset_InitialWeights_AreItsAuthors(string name, double bias, double denseDeviation)
    {
        var plan = new Sequential(TensorShape.Image(4, 4, 3))
        {
            new Conv2D(4, 1), new Conv2D(4, 1), new Conv2D(4, 1), new Conv2D(4, 1), new Conv2D(4, 1),
            new Flatten(), new Dense(200), new Dense(200), new Dense(200, Activation.Softmax),
        }.Plan();

        var weights = AlexNet.GetPreset(name).InitialWeights(plan, new Random(1), AlexNet.GetPreset(name).InitialBias);

        var biases = plan.Where(layer => layer.Parameters > 0).Select(layer => weights[layer.Name + "/bias"].Values[0]);
        var b = (float)bias;
        CollectionAssert.AreEqual((float[])[0, b, 0, b, b, b, b, 0], biases.ToArray());
        Assert.AreEqual(denseDeviation, Deviation("dense_1"), denseDeviation * 0.05);
        Assert.AreEqual(0.01, Deviation("dense_3"), 0.0005);

        double Deviation(string layer) =>
            Math.Sqrt(weights[layer + "/kernel"].Values.Average(value => (double)value * value));
    }

    [TestMethod]
    public void Preset_NameInCapitals_IsFound() => Assert.AreEqual("paper", AlexNet.GetPreset("PAPER").Name);

    [TestMethod]
    public void Preset_UnknownName_ListsTheKnownOnes() => Assert.AreEqual(
        "There is no preset 'vgg'. Known: keras, paper, torchvision, caffe, caffenet.",
        Assert.ThrowsExactly<AlexNetException>(() => AlexNet.GetPreset("vgg")).Message);

    [TestMethod]
    public void Keras_WithDropout_DropsBeforeTheFirstTwoDenseLayersAndCountsTheSame()
    {
        var plan = AlexNet.Keras(10, dropout: 0.4).Plan();

        CollectionAssert.AreEqual(
            (string[])["flatten_1", "dropout_1", "dense_1", "dropout_2", "dense_2", "dense_3"],
            plan.Skip(8).Select(layer => layer.Name).ToArray());
        Assert.AreEqual(0.4, ((Dropout)plan[9].Layer).Rate);
        Assert.AreEqual(58_322_314, plan.Parameters);
    }

    [TestMethod]
    public void Keras_NoClasses_IsRefused() => Assert.ThrowsExactly<AlexNetException>(() => AlexNet.Keras(0));

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(double.NaN)]
    public void Keras_DropoutOutOfRange_IsRefused(double dropout) =>
        Assert.ThrowsExactly<AlexNetException>(() => AlexNet.Keras(10, dropout));
}
