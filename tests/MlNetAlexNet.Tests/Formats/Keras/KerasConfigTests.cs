using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Formats.Keras;

[TestClass]
public sealed class KerasConfigTests
{
    private const string Input = """{"class_name":"InputLayer","config":{"batch_input_shape":[null,8,8,3],"name":"in"}}""";

    [TestMethod]
    public void Parse_OfWhatToJsonWrites_IsTheSameStack()
    {
        foreach (var stack in (Sequential[])[AlexNet.Keras(10), AlexNet.Keras(1000, dropout: 0.5)])
            CollectionAssert.AreEqual(stack.ToArray(), KerasConfig.Parse(KerasConfig.ToJson(stack.Plan())).ToArray());
    }

    [TestMethod]
    public void ToJson_OfTorchvision_PutsItsPaddingIntoLayers()
    {
        var plan = AlexNet.Torchvision(1000).Plan();

        var read = KerasConfig.Parse(KerasConfig.ToJson(plan)).Plan();

        Assert.AreEqual(61_100_840, read.Parameters);
        Assert.AreEqual(plan.MultiplyAdds, read.MultiplyAdds);
        CollectionAssert.AreEqual(
            plan.Where(layer => layer.Parameters > 0).Select(layer => layer.Output).ToArray(),
            read.Where(layer => layer.Parameters > 0).Select(layer => layer.Output).ToArray());
    }

    [TestMethod]
    public void ToJson_OfResponseNormalization_IsRefusedByName()
    {
        foreach (var stack in (Sequential[])[AlexNet.Paper(10), AlexNet.Caffe(10), AlexNet.CaffeNet(10)])
        {
            var fault = Assert.ThrowsExactly<AlexNetException>(() => KerasConfig.ToJson(stack.Plan()));
            StringAssert.Contains(fault.Message, "'local_response_normalization_1'");
        }
    }

    [TestMethod]
    public void Parse_EveryLayer_HasItsSettings()
    {
        var stack = Parse(
            """{"class_name":"ZeroPadding2D","config":{"name":"a","padding":[[1,2],[3,4]]}}""",
            """{"class_name":"Conv2D","config":{"name":"b","filters":6,"kernel_size":[3,2],"strides":[2,1],"padding":"same","groups":3,"activation":"relu","use_bias":false,"data_format":"channels_last"}}""",
            """{"class_name":"Conv2D","config":{"name":"c","filters":2,"kernel_size":3,"dilation_rate":[1,2],"activation":{"module":"builtins","class_name":"function","config":"linear","registered_name":"function"}}}""",
            """{"class_name":"MaxPooling2D","config":{"name":"d","pool_size":[2,1],"strides":null,"padding":"valid"}}""",
            """{"class_name":"AveragePooling2D","config":{"name":"e","pool_size":[1,2],"strides":[1,1],"padding":"same"}}""",
            """{"class_name":"ReLU","config":{"name":"f","max_value":null,"negative_slope":0.0,"threshold":0.0}}""",
            """{"class_name":"GlobalAveragePooling2D","config":{"name":"g"}}""",
            """{"class_name":"Dropout","config":{"name":"h","rate":0.25,"seed":7}}""",
            """{"class_name":"Dense","config":{"name":"i","units":5,"use_bias":false}}""",
            """{"class_name":"Softmax","config":{"name":"block/j","axis":-1}}""");

        CollectionAssert.AreEqual(
            new Layer[]
            {
                new ZeroPadding2D(1, 2, 3, 4) { Name = "a" },
                new Conv2D(6, (3, 2), (2, 1), Padding.Same, Activation.Relu, groups: 3, useBias: false) { Name = "b" },
                new Conv2D(2, 3, dilation: (1, 2)) { Name = "c" },
                new MaxPooling2D((2, 1), (2, 1)) { Name = "d" },
                new AveragePooling2D((1, 2), 1, Padding.Same) { Name = "e" },
                new ActivationLayer(Activation.Relu) { Name = "f" },
                new AdaptiveAveragePooling2D(1) { Name = "g" },
                new Flatten { Name = "g_flatten" },
                new Dropout(0.25) { Name = "h" },
                new Dense(5, useBias: false) { Name = "i" },
                new ActivationLayer(Activation.Softmax) { Name = "block_j" },
            },
            stack.ToArray());
    }

    [TestMethod]
    [DataRow("Lambda", """{"function":["4wEAAA==",null,null],"function_type":"lambda"}""", "is not known here")]
    [DataRow("Conv2D", """{"filters":4,"kernel_size":3,"data_format":"channels_first"}""", "channels_first")]
    [DataRow("Conv2D", """{"filters":4,"kernel_size":3,"activation":"swish"}""", "swish")]
    [DataRow("Conv2D", """{"filters":4,"kernel_size":3,"activation":"softmax"}""", "softmax")]
    [DataRow("Conv2D", """{"filters":4,"kernel_size":3,"lora_rank":4}""", "lora_rank")]
    [DataRow("Conv2D", """{"filters":4,"kernel_size":3,"padding":"causal"}""", "causal")]
    [DataRow("Conv2D", """{"filters":4,"kernel_size":[3,3,3]}""", "kernel_size")]
    [DataRow("Conv2D", """{"filters":4}""", "kernel_size")]
    [DataRow("Conv2D", """{"filters":4,"kernel_size":3,"dtype":"bfloat16"}""", "bfloat16")]
    [DataRow("ReLU", """{"max_value":6.0}""", "max_value")]
    [DataRow("ReLU", """{"negative_slope":0.1}""", "negative_slope")]
    [DataRow("PReLU", """{"shared_axes":[1,2]}""", "is not known here")]
    [DataRow("Activation", """{"activation":"gelu"}""", "gelu")]
    [DataRow("Conv2D", """{"filters":4,"kernel_size":3,"activation":{"class_name":"ReLU","config":{"max_value":6.0}}}""", "max_value")]
    [DataRow("BatchNormalization", """{"axis":1}""", "axis")]
    [DataRow("BatchNormalization", """{"renorm":true}""", "renorm")]
    [DataRow("BatchNormalization", """{"epsilon":"small"}""", "epsilon")]
    [DataRow("Resizing", """{"height":4,"width":4}""", "must keep the size")]
    [DataRow("Resizing", """{"height":8,"width":8,"interpolation":"gaussian"}""", "gaussian")]
    [DataRow("CenterCrop", """{"height":4,"width":8}""", "must keep the size")]
    [DataRow("RandomFlip", """{"dtype":"uint8"}""", "uint8")]
    [DataRow("Normalization", """{"axis":1}""", "other axes")]
    [DataRow("Normalization", """{"mean":[1,2],"variance":[1,2]}""", "2 numbers of mean")]
    [DataRow("Normalization", """{"mean":[1,2,3]}""", "only one of")]
    [DataRow("Rescaling", """{"scale":"big"}""", "scale")]
    [DataRow("Dropout", """{"rate":0.5,"noise_shape":[1,1,3]}""", "noise_shape")]
    public void Parse_OfWhatWouldComputeOtherwise_IsRefusedByTheLayersName(string className, string config, string why)
    {
        var entry = $$"""{"class_name":"{{className}}","config":{"name":"the_layer",{{config[1..]}}}""";

        var fault = Assert.ThrowsExactly<AlexNetException>(() => Parse(entry));

        StringAssert.Contains(fault.Message, "'the_layer'");
        StringAssert.Contains(fault.Message, why);
    }

    // The name leaky_relu has a slope of 0.2, the layer one of 0.3 (keras/src/activations, keras/src/layers/activations);
    // a layer can stand in the place of a name.
    [TestMethod]
    public void Parse_Activations_AreFunctionsOrLayers() => CollectionAssert.AreEqual(
        new Layer[]
        {
            new Conv2D(2, 1, activation: Activation.Tanh) { Name = "a" },
            new Conv2D(2, 1) { Name = "b" },
            new LeakyReLU(0.2) { Name = "b_leaky_re_lu" },
            new Conv2D(2, 1) { Name = "c" },
            new ELU(0.5) { Name = "c_elu" },
            new LeakyReLU(0.2) { Name = "d" },
            new LeakyReLU(0.3) { Name = "e" },
            new LeakyReLU(0.1) { Name = "f" },
            new ELU(1) { Name = "g" },
            new ActivationLayer(Activation.Sigmoid) { Name = "h" },
            new MaxPooling2D(8) { Name = "i" },
            new Flatten { Name = "i_flatten" },
            new Dense(2, Activation.Elu) { Name = "j" },
        },
        Parse(
            """{"class_name":"Conv2D","config":{"name":"a","filters":2,"kernel_size":1,"activation":"tanh"}}""",
            """{"class_name":"Conv2D","config":{"name":"b","filters":2,"kernel_size":1,"activation":"leaky_relu"}}""",
            """{"class_name":"Conv2D","config":{"name":"c","filters":2,"kernel_size":1,"activation":{"module":"keras.layers","class_name":"ELU","config":{"name":"x","alpha":0.5}}}}""",
            """{"class_name":"Activation","config":{"name":"d","activation":"leaky_relu"}}""",
            """{"class_name":"LeakyReLU","config":{"name":"e"}}""",
            """{"class_name":"LeakyReLU","config":{"name":"f","alpha":0.1}}""",
            """{"class_name":"ELU","config":{"name":"g","alpha":1.0}}""",
            """{"class_name":"Activation","config":{"name":"h","activation":"sigmoid"}}""",
            """{"class_name":"GlobalMaxPooling2D","config":{"name":"i","keepdims":false}}""",
            """{"class_name":"Dense","config":{"name":"j","units":2,"activation":"elu"}}""").ToArray());

    [TestMethod]
    [DataRow("""{"module":"my_layers","class_name":"Dense","config":{"name":"a","units":3},"registered_name":"Custom>Dense"}""")]
    [DataRow("""{"module":"my_layers","class_name":"Rescaling","config":{"name":"a","scale":3},"registered_name":"Rescaling"}""")]
    [DataRow("""{"class_name":"my_layers>Normalization","config":{"name":"a","mean":3,"variance":3}}""")]
    [DataRow("""{"class_name":"my_layers>LocalResponseNormalization","config":{"name":"a","alpha":3}}""")]
    [DataRow("""{"class_name":"Activation","config":{"name":"a","activation":{"module":"my_layers","class_name":"LeakyReLU","config":{"alpha":3}}}}""")]
    public void Parse_OfACustomLayerWithAKnownName_IsRefused(string layer) => AssertRefused("my_layers", layer);

    [TestMethod]
    [DataRow("""{"class_name":"Functional","config":{"layers":[LAYERS],"input_layers":[["in",0,0]],"output_layers":[["b",0,0]]}}""", "branches")]
    [DataRow("""{"class_name":"Functional","config":{"layers":[LAYERS],"input_layers":[["in",0,0],["a",0,0]],"output_layers":[["b",0,0]]}}""", "input_layers")]
    [DataRow("""{"class_name":"MyModel","config":{"layers":[]},"registered_name":"MyModel"}""", "MyModel")]
    [DataRow("""{"class_name":"Sequential","config":{"layers":[]}}""", "no layers")]
    [DataRow("""{"class_name":"Sequential","config":{"layers":[{"class_name":"Flatten","config":{}}]}}""", "no input shape")]
    [DataRow("""{"class_name":"Sequential","config":{"layers":[{"class_name":"InputLayer","config":{"batch_input_shape":[null,null,null,3]}}]}}""", "fixed size")]
    [DataRow("""{"class_name":"Sequential","config":{"layers":[1,2]}}""", "class_name")]
    [DataRow("""{"class_name":"Sequential","config":{"layers":[{"class_name":"\ud800","config":{}}]}}""", "damaged")]
    [DataRow("[]", "no layers")]
    [DataRow("7", "no list of layers")]
    [DataRow("", "no valid JSON")]
    [DataRow("nonsense", "no valid JSON")]
    public void Parse_OfNoPlainChain_IsRefused(string json, string why)
    {
        var layers =
            """{"class_name":"InputLayer","name":"in","config":{"name":"in","batch_input_shape":[null,8,8,3]},"inbound_nodes":[]},""" +
            """{"class_name":"Flatten","name":"a","config":{"name":"a"},"inbound_nodes":[[["in",0,0,{}]]]},""" +
            """{"class_name":"Flatten","name":"b","config":{"name":"b"},"inbound_nodes":[[["in",0,0,{}]]]}""";

        var fault = Assert.ThrowsExactly<AlexNetException>(() => KerasConfig.Parse(json.Replace("LAYERS", layers, StringComparison.Ordinal)));

        StringAssert.Contains(fault.Message, why);
    }

    // a -> b -> a: neither is on a path from the input.
    [TestMethod]
    public void Parse_OfACircle_IsRefused() => Assert.ThrowsExactly<AlexNetException>(() => KerasConfig.Parse(
        """{"class_name":"Functional","config":{"layers":[{"class_name":"InputLayer","config":{"name":"in","batch_input_shape":[null,8,8,3]}},""" +
        """{"class_name":"Flatten","config":{"name":"a"},"inbound_nodes":[[["b",0,0,{}]]]},""" +
        """{"class_name":"Flatten","config":{"name":"b"},"inbound_nodes":[[["a",0,0,{}]]]}]""" +
        ""","input_layers":[["in",0,0]],"output_layers":[["b",0,0]]}}"""));

    [TestMethod]
    public void Parse_OfCallsWithTraining_IsRefused() => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => KerasConfig.Parse(
            """{"class_name":"Functional","config":{"layers":[{"class_name":"InputLayer","config":{"name":"in","batch_input_shape":[null,8,8,3]}},""" +
            """{"class_name":"Dropout","config":{"name":"a","rate":0.5},"inbound_nodes":[[["in",0,0,{"training":true}]]]}]""" +
            ""","input_layers":[["in",0,0]],"output_layers":[["a",0,0]]}}""")).Message,
        "training");

    [TestMethod]
    public void Parse_OfDeepJson_IsRefused() => Assert.ThrowsExactly<AlexNetException>(() =>
        KerasConfig.Parse(new string('[', 100_000) + new string(']', 100_000)));

    private static void AssertRefused(string message, params string[] layers) => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => Parse(layers)).Message, message);

    private static Sequential Parse(params string[] layers) =>
        KerasConfig.Parse(
            """{"class_name":"Sequential","config":{"name":"s","layers":[""" + string.Join(',', [Input, .. layers]) + "]}}");

    [TestMethod]
    public void Parse_LayersThatKerasLacks_TakesThemByOurNames()
    {
        var stack = KerasConfig.Parse("""
            {"class_name":"Sequential","config":{"layers":[
              {"class_name":"LocalResponseNormalization","config":{"name":"lrn","size":3,"alpha":0.5,"beta":0.25,"k":1,"batch_input_shape":[null,8,8,3]}},
              {"class_name":"AdaptiveAveragePooling2D","config":{"name":"pool","output_size":[2,1]}},
              {"class_name":"LocalResponseNormalization","config":{}}]}}
            """);

        CollectionAssert.AreEqual(
            new Layer[]
            {
                new LocalResponseNormalization(3, 0.5, 0.25, 1) { Name = "lrn" },
                new AdaptiveAveragePooling2D((2, 1)) { Name = "pool" },
                new LocalResponseNormalization { Name = "local_response_normalization" },
            },
            stack.ToArray());
    }

    [TestMethod]
    public void Parse_UnknownSettingOfOurLayer_IsRefused() => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => KerasConfig.Parse("""
            {"class_name":"Sequential","config":{"layers":[
              {"class_name":"LocalResponseNormalization","config":{"depth_radius":2,"size":5,"batch_input_shape":[null,8,8,3]}}]}}
            """)).Message,
        "size");
}
