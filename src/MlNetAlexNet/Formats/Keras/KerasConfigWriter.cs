using System.Text.Json.Nodes;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>Whose configuration is written.</summary>
internal enum KerasDialect
{
    /// <summary>Keras 2.15's, as in an <c>.h5</c> file, where Keras 3 and TensorFlow.js read it as well.</summary>
    Keras2,

    /// <summary>Keras 3's, as in a <c>.keras</c> archive.</summary>
    Keras3,
}

/// <summary>
/// Writes a stack's configuration, key by key as Keras does. What Keras needs to start training anew, such as
/// initializers, is at its defaults.
/// </summary>
/// <remarks>The stack is one of <see cref="KerasExport"/>.</remarks>
internal static class KerasConfigWriter
{
    public const string ModelName = "alexnet";

    /// <summary>The model as an object with a class name and a config.</summary>
    public static JsonObject Model(KerasExpression model, KerasDialect dialect)
    {
        var input = model.Plan.Input;
        var layers = new JsonArray(
        [
            InputLayer(input, dialect),
            .. model.Layers.Select(layer => (JsonNode)(layer.Planned is { } planned
                ? Entry(planned, dialect)
                : Entry(layer.Name, layer.ClassName, model.Rescaling, dialect, input))),
        ]);
        if (dialect == KerasDialect.Keras2)
        {
            return new JsonObject
            {
                ["class_name"] = "Sequential",
                ["config"] = new JsonObject { ["name"] = ModelName, ["layers"] = layers },
            };
        }

        return new JsonObject
        {
            ["module"] = "keras",
            ["class_name"] = "Sequential",
            ["config"] = new JsonObject
            {
                ["name"] = ModelName,
                ["trainable"] = true,
                ["dtype"] = DataType(dialect),
                ["layers"] = layers,
                ["build_input_shape"] = Shape(input),
            },
            ["registered_name"] = null,
            ["build_config"] = new JsonObject { ["input_shape"] = Shape(input) },
            ["compile_config"] = new JsonObject(),
        };
    }

    private static JsonObject InputLayer(TensorShape input, KerasDialect dialect)
    {
        var config = new JsonObject
        {
            [dialect == KerasDialect.Keras2 ? "batch_input_shape" : "batch_shape"] = Shape(input),
            ["dtype"] = "float32",
            ["sparse"] = false,
            ["ragged"] = false,
            ["name"] = dialect == KerasDialect.Keras2 ? "input_1" : "input_layer",
        };
        if (dialect == KerasDialect.Keras3)
            config["optional"] = false;
        return Entry("InputLayer", config, dialect, built: null);
    }

    private static JsonObject Entry(PlannedLayer layer, KerasDialect dialect) => Entry(
        layer.Name,
        layer.Layer.TypeName,
        KerasLayerSettings.Describe(layer, dialect),
        dialect,
        layer.Layer is WeightedLayer or BatchNormalization or Flatten or ZeroPadding2D ? layer.Input : null);

    private static JsonObject Entry(
        string name,
        string className,
        IEnumerable<(string Key, JsonNode? Value)> settings,
        KerasDialect dialect,
        TensorShape? built)
    {
        var config = new JsonObject { ["name"] = name, ["trainable"] = true, ["dtype"] = DataType(dialect) };
        foreach (var (key, value) in settings)
            config[key] = value;
        return Entry(className, config, dialect, built);
    }

    private static JsonObject Entry(string className, JsonObject config, KerasDialect dialect, TensorShape? built)
    {
        if (dialect == KerasDialect.Keras2)
            return new JsonObject { ["class_name"] = className, ["config"] = config };
        var entry = new JsonObject
        {
            ["module"] = "keras.layers",
            ["class_name"] = className,
            ["config"] = config,
            ["registered_name"] = null,
        };
        if (built is { } input)
            entry["build_config"] = new JsonObject { ["input_shape"] = Shape(input) };
        return entry;
    }

    private static JsonNode DataType(KerasDialect dialect) => dialect == KerasDialect.Keras2
        ? "float32"
        : new JsonObject
        {
            ["module"] = "keras",
            ["class_name"] = "DTypePolicy",
            ["config"] = new JsonObject { ["name"] = "float32" },
            ["registered_name"] = null,
        };

    private static JsonArray Shape(TensorShape shape) => shape.IsFlat
        ? [null, shape.Channels]
        : [null, shape.Height, shape.Width, shape.Channels];
}
