using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>Keras' layers as ours. One that is not here is refused: nothing of a network may be left out.</summary>
internal static class KerasLayers
{
    private const string Known =
        "Conv2D, MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D, ZeroPadding2D, Activation, ReLU, Softmax, " +
        "Dropout, Flatten, Dense and BatchNormalization";

    /// <summary>The layer, or the two that it takes here.</summary>
    /// <exception cref="AlexNetException">The layer, or one of its settings, has no counterpart.</exception>
    public static IReadOnlyList<Layer> Read(KerasLayerConfig config)
    {
        IReadOnlyList<Layer> layers = config.ClassName switch
        {
            "Conv2D" => [Convolution(config)],
            "MaxPooling2D" => [new MaxPooling2D(config.Size("pool_size"), config.Size("strides"), config.Padding())],
            "AveragePooling2D" =>
                [new AveragePooling2D(config.Size("pool_size") ?? 2, config.Size("strides"), config.Padding())],
            "GlobalAveragePooling2D" => config.Boolean("keepdims", false)
                ? [new AdaptiveAveragePooling2D(1)]
                : [new AdaptiveAveragePooling2D(1), new Flatten { Name = $"{Name(config)}_flatten" }],
            "ZeroPadding2D" => [Padding(config)],
            "Activation" => [new ActivationLayer(config.Activation())],
            "ReLU" => [Relu(config)],
            "Softmax" => [Softmax(config)],
            "Dropout" => [new Dropout(config.Number("rate", 0.5))],
            "Flatten" => [new Flatten()],
            "Dense" => [new Dense(config.Integer("units"), config.Activation(), config.Boolean("use_bias", true))],
            "BatchNormalization" => throw config.Refused(
                "does not come right after a Conv2D or Dense without an activation, where alone it can be worked in"),
            _ => throw config.Refused($"is not known here; known are {Known}"),
        };
        config.Require("data_format", "channels_last");
        config.RequireNothingElse();
        return [layers[0] with { Name = Name(config) }, .. layers.Skip(1)];
    }

    /// <summary>The same with the layers that Keras lacks, by our names: for a stack that a user writes.</summary>
    /// <exception cref="AlexNetException">The layer, or one of its settings, is not known.</exception>
    public static IReadOnlyList<Layer> ReadOwn(KerasLayerConfig config)
    {
        Layer? layer = config.ClassName switch
        {
            nameof(LocalResponseNormalization) => new LocalResponseNormalization(
                config.Integer("size", 5), config.Number("alpha", 1e-4), config.Number("beta", 0.75), config.Number("k", 2)),
            nameof(AdaptiveAveragePooling2D) => new AdaptiveAveragePooling2D(
                config.Size("output_size") ?? throw config.Refused("lacks 'output_size'")),
            _ => null,
        };
        if (layer is null)
            return Read(config);

        config.RequireNothingElse();
        return [layer with { Name = Name(config) }];
    }

    /// <summary>The layer's name here, where a '/' stands between layer and weight.</summary>
    public static string Name(KerasLayerConfig config) => config.Name.Replace('/', '_');

    /// <summary>The settings of a batch normalization of the last axis.</summary>
    public static KerasNormalization Normalization(KerasLayerConfig config, string slot, int rank)
    {
        RequireLastAxis(config, rank);
        var normalization = new KerasNormalization(
            config.Name,
            slot,
            config.Boolean("scale", true),
            config.Boolean("center", true),
            config.Number("epsilon", 1e-3));
        config.RequireNothingElse();
        return normalization;
    }

    private static Conv2D Convolution(KerasLayerConfig config)
    {
        var activation = config.Activation();
        if (activation == Activation.Softmax)
            throw config.Refused("has a softmax at each pixel; it is known for vectors only");
        return new Conv2D(
            config.Integer("filters"),
            config.Size("kernel_size") ?? throw config.Refused("lacks 'kernel_size'"),
            config.Size("strides"),
            config.Padding(),
            activation,
            config.Integer("groups", 1),
            config.Size("dilation_rate"),
            config.Boolean("use_bias", true));
    }

    private static ZeroPadding2D Padding(KerasLayerConfig config)
    {
        var sides = config.Sides("padding");
        return new ZeroPadding2D(sides.Top, sides.Bottom, sides.Left, sides.Right);
    }

    private static ActivationLayer Relu(KerasLayerConfig config)
    {
        config.Require("max_value");
        config.Require("negative_slope", "0");
        config.Require("threshold", "0");
        return new ActivationLayer(Activation.Relu);
    }

    private static ActivationLayer Softmax(KerasLayerConfig config)
    {
        RequireLastAxis(config, rank: 2); // ours takes vectors only
        return new ActivationLayer(Activation.Softmax);
    }

    // -1, or its number with the batch as axis 0, or a list of one such.
    private static void RequireLastAxis(KerasLayerConfig config, int rank)
    {
        var last = $"{rank - 1}";
        config.Require("axis", "-1", last, "[-1]", $"[{last}]");
    }
}
