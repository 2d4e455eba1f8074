using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>Keras' layers as ours. One that is not here is refused: nothing of a network may be left out.</summary>
internal static class KerasLayers
{
    private const string Known =
        "Conv2D, MaxPooling2D, AveragePooling2D, GlobalMaxPooling2D, GlobalAveragePooling2D, ZeroPadding2D, " +
        "BatchNormalization, Activation, ReLU, LeakyReLU, ELU, Softmax, Dropout, Flatten and Dense, at the input Rescaling, " +
        "Normalization and Resizing, and what only training knows, as RandomFlip and GaussianNoise";

    // Each gives what it is given when it is not in training (keras/src/layers/preprocessing/image_preprocessing and
    // keras/src/layers/regularization; the first two are Keras 2's).
    private static readonly HashSet<string> s_ofTraining =
    [
        "RandomHeight", "RandomWidth",
        "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomShear", "RandomPerspective",
        "RandomElasticTransform", "RandomErasing", "RandomBrightness", "RandomContrast", "RandomHue", "RandomSaturation",
        "RandomSharpness", "RandomGaussianBlur", "RandomGrayscale", "RandomInvert", "RandomPosterization",
        "RandomColorDegeneration", "RandomColorJitter", "RandAugment", "AugMix", "CutMix", "MixUp",
        "GaussianNoise", "GaussianDropout", "AlphaDropout", "SpatialDropout2D", "ActivityRegularization",
        "Identity",
    ];

    /// <summary>Whether a layer gives the size that it is given, whatever that is: those that stand before a network.</summary>
    public static bool KeepsEverySize(KerasLayerConfig config) =>
        config.ClassName is "Rescaling" or "Normalization" || s_ofTraining.Contains(config.ClassName);

    /// <summary>The layer, or those that it takes here; none if it does nothing to a picture that is scored.</summary>
    /// <param name="config">What the file says of it.</param>
    /// <param name="input">What it is given.</param>
    /// <exception cref="AlexNetException">The layer, or one of its settings, has no counterpart.</exception>
    public static IReadOnlyList<Layer> Read(KerasLayerConfig config, TensorShape input)
    {
        if (config.Stranger is not null)
            throw Unknown(config);

        IReadOnlyList<Layer> layers = config.ClassName switch
        {
            "Conv2D" => WithActivation(config, Convolution(config)),
            "MaxPooling2D" => [new MaxPooling2D(config.Size("pool_size"), config.Size("strides"), config.Padding())],
            "AveragePooling2D" =>
                [new AveragePooling2D(config.Size("pool_size") ?? 2, config.Size("strides"), config.Padding())],
            "GlobalMaxPooling2D" => Global(config, new MaxPooling2D((input.Height, input.Width))),
            "GlobalAveragePooling2D" => Global(config, new AdaptiveAveragePooling2D(1)),
            "ZeroPadding2D" => [Padding(config)],
            "BatchNormalization" => [Normalization(config, input.IsFlat ? 2 : 4)],
            "Activation" or "ReLU" or "LeakyReLU" or "ELU" or "Softmax" => [ReadActivation(config)],
            "Dropout" => [new Dropout(config.Number("rate", 0.5))],
            "Flatten" => [new Flatten()],
            "Dense" => WithActivation(
                config, new Dense(config.Integer("units"), useBias: config.Boolean("use_bias", true))),
            "Resizing" or "CenterCrop" or "RandomCrop" => NothingAtSize(config, input),
            var name when s_ofTraining.Contains(name) => NothingInScoring(config),
            _ => throw Unknown(config),
        };
        config.Require("data_format", "channels_last");
        if (layers.Count > 0)
            config.RequireNothingElse();
        return layers;
    }

    /// <summary>The same with layers by our names: for what a user writes.</summary>
    /// <exception cref="AlexNetException">The layer, or one of its settings, is not known.</exception>
    public static IReadOnlyList<Layer> ReadOwn(KerasLayerConfig config, TensorShape input)
    {
        Layer? layer = config.ClassName switch
        {
            _ when config.Stranger is not null => null,
            nameof(LocalResponseNormalization) => ResponseNormalization(config),
            nameof(AdaptiveAveragePooling2D) => new AdaptiveAveragePooling2D(
                config.Size("output_size") ?? throw config.Refused("lacks 'output_size'")),
            _ => null,
        };
        if (layer is null)
            return Read(config, input);

        config.RequireNothingElse();
        return [layer];
    }

    /// <summary>An activation that is a layer of its own, or stands in a layer as one.</summary>
    /// <exception cref="AlexNetException">One of its settings has no counterpart.</exception>
    public static Layer ReadActivation(KerasLayerConfig config)
    {
        switch (config.ClassName)
        {
            case "Activation":
                return config.Activation();
            case "ReLU":
                config.Require("max_value");
                config.Require("negative_slope", "0");
                config.Require("threshold", "0");
                return new ActivationLayer(Layers.Activation.Relu);
            case "LeakyReLU": // alpha in Keras 2 and TensorFlow.js
                return new LeakyReLU(config.Number("negative_slope", config.Number("alpha", 0.3)));
            case "ELU":
                return new ELU(config.Number("alpha", 1));
            default:
                RequireLastAxis(config, rank: 2); // ours takes vectors only
                return new ActivationLayer(Layers.Activation.Softmax);
        }
    }

    // Where the activation has parameters it is a layer of its own here.
    private static IReadOnlyList<Layer> WithActivation(KerasLayerConfig config, WeightedLayer layer) =>
        config.Activation() is var after && after is ActivationLayer { Activation: var activation }
            ? [layer with { Activation = activation }]
            : [layer, after with { Name = $"{config.Name}_{KerasSlots.SnakeCase(after.TypeName)}" }];

    private static Conv2D Convolution(KerasLayerConfig config)
    {
        if (config.Activation() is ActivationLayer { Activation: Activation.Softmax })
            throw config.Refused("has a softmax at each pixel; it is known for vectors only");
        return new Conv2D(
            config.Integer("filters"),
            config.Size("kernel_size") ?? throw config.Refused("lacks 'kernel_size'"),
            config.Size("strides"),
            config.Padding(),
            groups: config.Integer("groups", 1),
            dilation: config.Size("dilation_rate"),
            useBias: config.Boolean("use_bias", true));
    }

    private static IReadOnlyList<Layer> Global(KerasLayerConfig config, Layer pooling) =>
        config.Boolean("keepdims", false)
            ? [pooling]
            : [pooling, new Flatten { Name = $"{config.Name}_flatten" }];

    private static ZeroPadding2D Padding(KerasLayerConfig config)
    {
        var sides = config.Sides("padding");
        return new ZeroPadding2D(sides.Top, sides.Bottom, sides.Left, sides.Right);
    }

    private static BatchNormalization Normalization(KerasLayerConfig config, int rank)
    {
        RequireLastAxis(config, rank);
        return new BatchNormalization(
            config.Number("momentum", 0.99),
            config.Number("epsilon", 1e-3),
            config.Boolean("center", true),
            config.Boolean("scale", true));
    }

    // In our words, the paper's, or in those of tf.nn.local_response_normalization, which has
    // x / (bias + alpha x sum of 2 depth_radius + 1 squares)^beta: alpha is the same.
    private static LocalResponseNormalization ResponseNormalization(KerasLayerConfig config) =>
        config.Has("depth_radius") || config.Has("bias")
            ? new LocalResponseNormalization(
                checked(2 * config.Integer("depth_radius", 5) + 1),
                config.Number("alpha", 1),
                config.Number("beta", 0.5),
                config.Number("bias", 1))
            : new LocalResponseNormalization(
                config.Integer("size", 5), config.Number("alpha", 1e-4), config.Number("beta", 0.75), config.Number("k", 2));

    // Interpolation between a pixel and itself is that pixel, whatever the kind but the two that blur.
    private static IReadOnlyList<Layer> NothingAtSize(KerasLayerConfig config, TensorShape input)
    {
        var (height, width) = (config.Integer("height"), config.Integer("width"));
        if (input.IsFlat || (height, width) != (input.Height, input.Width))
        {
            throw config.Refused(
                $"makes {height}x{width} of {input}; pictures are scaled before the network here, so it must keep the size");
        }

        config.Require("interpolation", "bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5");
        return NothingInScoring(config);
    }

    private static IReadOnlyList<Layer> NothingInScoring(KerasLayerConfig config)
    {
        config.RequireFloats();
        return [];
    }

    // -1, or its number with the batch as axis 0, or a list of one such.
    private static void RequireLastAxis(KerasLayerConfig config, int rank)
    {
        var last = $"{rank - 1}";
        config.Require("axis", "-1", last, "[-1]", $"[{last}]");
    }

    private static AlexNetException Unknown(KerasLayerConfig config) => new(
        $"The Keras layer '{config.Name}' ({config.Stranger ?? config.Class}) is not known here; known are {Known}. "
        + $"If {config.ClassName} is a class of your own, the file has its name, but not what it computes: say so in "
        + $"CustomLayers, such as {config.ClassName}=LocalResponseNormalization(depth_radius=2, bias=1, alpha=1e-4, "
        + "beta=0.75), or =Identity if it does nothing to a picture that is scored.")
    {
        Option = "CustomLayers",
    };
}
