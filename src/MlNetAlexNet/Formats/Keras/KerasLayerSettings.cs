using System.Text.Json.Nodes;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>The settings of our layers as Keras names and orders them.</summary>
internal static class KerasLayerSettings
{
    public static IEnumerable<(string Key, JsonNode? Value)> Describe(
        PlannedLayer planned, KerasDialect dialect) => planned.Layer switch
        {
            Conv2D conv =>
            [
                ("filters", conv.Filters),
            ("kernel_size", Pair(conv.Kernel)),
            ("strides", Pair(conv.Strides)),
            ("padding", conv.Padding.ToString()),
            ("data_format", "channels_last"),
            ("dilation_rate", Pair(conv.Dilation)),
            ("groups", conv.Groups),
            ("activation", KerasActivation.Name(conv.Activation)),
            ("use_bias", conv.UseBias),
            .. OfWeights(activityRegularizer: true),
        ],
            Dense dense =>
            [
                ("units", dense.Units),
            ("activation", KerasActivation.Name(dense.Activation)),
            ("use_bias", dense.UseBias),
            .. OfWeights(activityRegularizer: dialect == KerasDialect.Keras2),
        ],
            Pooling2D pool =>
            [
                ("pool_size", Pair(pool.PoolSize)),
            ("padding", pool.Padding.ToString()),
            ("strides", Pair(pool.Strides)),
            ("data_format", "channels_last"),
        ],
            ZeroPadding2D { Sides: var sides } =>
            [
                ("padding", new JsonArray(
                new JsonArray(sides.Top, sides.Bottom),
                new JsonArray(sides.Left, sides.Right))),
            ("data_format", "channels_last"),
        ],
            BatchNormalization normalization =>
            [
                ("axis", dialect == KerasDialect.Keras3 ? -1 : new JsonArray(planned.Input.IsFlat ? 1 : 3)),
            ("momentum", normalization.Momentum),
            ("epsilon", normalization.Epsilon),
            ("center", normalization.Center),
            ("scale", normalization.Scale),
            ("beta_initializer", Initializer("Zeros", [])),
            ("gamma_initializer", Initializer("Ones", [])),
            ("moving_mean_initializer", Initializer("Zeros", [])),
            ("moving_variance_initializer", Initializer("Ones", [])),
            ("beta_regularizer", null),
            ("gamma_regularizer", null),
            ("beta_constraint", null),
            ("gamma_constraint", null),
            .. dialect == KerasDialect.Keras2
                ? Array.Empty<(string, JsonNode?)>()
                : [("synchronized", false), ("renorm", false), ("renorm_clipping", null), ("renorm_momentum", 0.99)],
        ],
            LeakyReLU { NegativeSlope: var slope } =>
                [(dialect == KerasDialect.Keras2 ? "alpha" : "negative_slope", slope)],
            ELU { Alpha: var alpha } => [("alpha", alpha)],
            ActivationLayer activation => [("activation", KerasActivation.Name(activation.Activation))],
            Dropout { Rate: var rate } => dialect == KerasDialect.Keras2
                ? [("rate", rate), ("noise_shape", null), ("seed", null)]
                : [("rate", rate), ("seed", null), ("noise_shape", null)],
            Flatten => [("data_format", "channels_last")],
            var layer => throw new NotSupportedException($"{layer.TypeName} has no Keras form."),
        };

    private static IEnumerable<(string Key, JsonNode? Value)> OfWeights(bool activityRegularizer)
    {
        yield return ("kernel_initializer", Initializer("GlorotUniform", new JsonObject { ["seed"] = null }));
        yield return ("bias_initializer", Initializer("Zeros", []));
        yield return ("kernel_regularizer", null);
        yield return ("bias_regularizer", null);
        if (activityRegularizer)
            yield return ("activity_regularizer", null);
        yield return ("kernel_constraint", null);
        yield return ("bias_constraint", null);
    }

    private static JsonObject Initializer(string className, JsonObject config) => new()
    {
        ["module"] = "keras.initializers",
        ["class_name"] = className,
        ["config"] = config,
        ["registered_name"] = null,
    };

    private static JsonArray Pair(Size2D size) => [size.Height, size.Width];
}
