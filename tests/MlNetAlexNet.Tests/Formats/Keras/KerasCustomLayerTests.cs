using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>Layers of the user's own, of which a file has the name alone.</summary>
[TestClass]
public sealed class KerasCustomLayerTests
{
    [TestMethod]
    [DataRow("keras2-custom_lrn.h5", "my_layers>LRN")]
    [DataRow("keras3-custom_lrn.h5", "my_layers>LRN")]
    [DataRow("keras3-custom_lrn.keras", "my_layers>LRN")]
    public void Read_WithoutAWord_IsRefusedWithHowToSayIt(string file, string name)
    {
        var fault = Assert.ThrowsExactly<AlexNetException>(() => KerasFile.Read(Expected.Keras(file)));

        StringAssert.Contains(fault.Message, $"'lrn' ({name})");
        StringAssert.Contains(fault.Message, "LRN=LocalResponseNormalization(depth_radius=2");
        Assert.AreEqual("CustomLayers", fault.Option);
    }

    [TestMethod]
    [DataRow("LRN")]
    [DataRow("my_layers>LRN")]
    public void Read_ByClass_TakesIt(string name)
    {
        var model = KerasFile.Read(
            Expected.Keras("keras3-custom_lrn.keras"),
            new Dictionary<string, Layer> { [name] = new LocalResponseNormalization(3) });

        CollectionAssert.AreEqual(
            new[] { "lrn", "lrn_1" },
            model.Plan.Where(layer => layer.Layer is LocalResponseNormalization { Size: 3 }).Select(layer => layer.Name).ToArray());
    }

    private const string Lambdas = """
        {"class_name":"Sequential","config":{"name":"s","layers":[
          {"class_name":"InputLayer","config":{"batch_shape":[null,2,2,3],"name":"in"}},
          {"module":"keras.layers","class_name":"Lambda","config":{"name":"lambda","function":{"class_name":"__lambda__","config":{"code":"4wEAAA=="}}}},
          {"module":"keras.layers","class_name":"Lambda","config":{"name":"lambda_1","function":"other"}},
          {"module":"own.augment","class_name":"MyAugment","config":{"name":"mine"},"registered_name":"MyAugment"},
          {"class_name":"Flatten","config":{"name":"f"}}]}}
        """;

    [TestMethod]
    public void Parse_LambdasByTheirNames_TakesEach()
    {
        var stack = KerasConfig.Parse(Lambdas, new Dictionary<string, Layer>
        {
            ["lambda"] = KerasConfig.ParseLayer("Identity"),
            ["lambda_1"] = KerasConfig.ParseLayer("LeakyReLU(negative_slope=0.1)"),
            ["MyAugment"] = KerasConfig.ParseLayer("Identity"),
        });

        CollectionAssert.AreEqual(
            new Layer[] { new LeakyReLU(0.1) { Name = "lambda_1" }, new Flatten { Name = "f" } }, stack.ToArray());
    }

    [TestMethod]
    public void Parse_OfAModuleOfOnesOwn_NamesIt() => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => KerasConfig.Parse(Lambdas, new Dictionary<string, Layer>
        {
            ["Lambda"] = KerasConfig.ParseLayer("Identity"),
        })).Message,
        "'mine' (own.augment.MyAugment) is not known here");

    public static IEnumerable<(string Text, Layer Layer)> Texts =>
    [
        // tf.nn.local_response_normalization: depth_radius 2 is 2 channels on each side, alpha is not divided.
        ("LocalResponseNormalization(depth_radius=2, bias=1, alpha=1e-4, beta=0.75)", new LocalResponseNormalization(5, 1e-4, 0.75, 1)),
        ("LocalResponseNormalization(depth_radius=2,bias=1,alpha=1e-4,beta=0.75)", new LocalResponseNormalization(5, 1e-4, 0.75, 1)),
        (" LocalResponseNormalization( bias = 2. ) ", new LocalResponseNormalization(11, 1, 0.5, 2)),
        ("LocalResponseNormalization(size=3, k=1)", new LocalResponseNormalization(3, k: 1)),
        ("LocalResponseNormalization()", new LocalResponseNormalization()),
        ("LocalResponseNormalization", new LocalResponseNormalization()),
        ("LeakyReLU(alpha=0.1)", new LeakyReLU(0.1)),
        ("MaxPooling2D(pool_size=(3, 2), strides=[2, 1], padding='same')", new MaxPooling2D((3, 2), (2, 1), Padding.Same)),
        ("BatchNormalization(epsilon=1e-05, scale=False, axis=-1)", new BatchNormalization(epsilon: 1e-5, scale: false)),
        ("Activation(activation=\"tanh\")", new ActivationLayer(Activation.Tanh)),
        ("""{"class_name":"ELU","config":{"name":"e","alpha":0.5}}""", new ELU(0.5)),
        ("Identity", new ActivationLayer(Activation.Linear)),
    ];

    [TestMethod]
    [DynamicData(nameof(Texts))]
    public void ParseLayer_AsInPython_IsALayer(string text, Layer layer) =>
        Assert.AreEqual(layer, KerasConfig.ParseLayer(text));

    [TestMethod]
    [DataRow("")]
    [DataRow("LRN(")]
    [DataRow("LRN(2)")]
    [DataRow("LRN(size=3")]
    [DataRow("LRN(size=3))")]
    [DataRow("LRN(size=)")]
    [DataRow("LRN(size=nan)")]
    [DataRow("LRN(size=__import__('os'))")]
    [DataRow("LocalResponseNormalization(size=4)")]
    [DataRow("LocalResponseNormalization(size=3, bias=1)")]
    [DataRow("LocalResponseNormalization(depth_radius=2000000000)")]
    [DataRow("LocalResponseNormalization(dept_radius=2)")]
    [DataRow("Conv3D(filters=3)")]
    [DataRow("RandomFlip(mode='horizontal')")]
    [DataRow("{")]
    [DataRow("{}")]
    [DataRow("[1]")]
    public void ParseLayer_OfWhatIsNone_IsRefused(string text) =>
        Assert.ThrowsExactly<AlexNetException>(() => KerasConfig.ParseLayer(text));
}
