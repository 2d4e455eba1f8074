using System.Globalization;
using System.Text.Json;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// The configuration of one Keras layer, read setting by setting. One that nobody asked for and that is set at all is
/// refused at the end: it may change what the layer computes.
/// </summary>
internal sealed class KerasLayerConfig
{
    // These have no part in what a trained layer computes.
    private static readonly HashSet<string> s_ofTraining =
    [
        "name", "trainable", "dtype", "batch_input_shape", "batch_shape", "input_dtype", "seed", "momentum",
        "renorm_momentum", "synchronized",
    ];

    private readonly JsonElement _config;
    private readonly HashSet<string> _read = [];

    /// <summary>Takes an entry of a model's list of layers.</summary>
    public KerasLayerConfig(JsonElement entry)
    {
        ClassName = KerasJson.Text(entry, "class_name") ?? throw KerasJson.Fault("has a layer without a class_name");
        if (!entry.TryGetProperty("config", out _config) || _config.ValueKind != JsonValueKind.Object)
            throw KerasJson.Fault($"has a {ClassName} without a config");
        Name = KerasJson.Text(_config, "name") ?? KerasJson.Text(entry, "name") ?? KerasSlots.SnakeCase(ClassName);
        Entry = entry;
        var module = KerasJson.Text(entry, "module");
        if (module is not null && !module.StartsWith("keras", StringComparison.Ordinal)
            && !module.StartsWith("tf_keras", StringComparison.Ordinal))
        {
            throw Refused($"comes from the module '{module}'; only Keras' own layers are known");
        }
    }

    /// <summary>Such as <c>Conv2D</c>.</summary>
    public string ClassName { get; }

    /// <summary>Such as <c>conv2d_1</c>.</summary>
    public string Name { get; }

    /// <summary>All that the list of layers says of it.</summary>
    public JsonElement Entry { get; }

    /// <summary>Regularizers and constraints, which only training knows.</summary>
    public IEnumerable<string> IgnoredSettings =>
        from property in _config.EnumerateObject()
        where IsSet(property.Value)
            && (property.Name.EndsWith("_regularizer", StringComparison.Ordinal)
                || property.Name.EndsWith("_constraint", StringComparison.Ordinal))
        select $"{Name}: {property.Name}";

    /// <summary>The shape given with the layer, batch first; null if it gives none.</summary>
    public TensorShape? InputShape()
    {
        var shape = Setting("batch_input_shape") ?? Setting("batch_shape");
        if (shape is not { ValueKind: JsonValueKind.Array } sides)
            return null;
        if (sides.GetArrayLength() is not (2 or 4)
            || sides.EnumerateArray().Skip(1).Any(side => !side.TryGetInt(out _)))
        {
            throw Refused(
                $"takes {KerasJson.Short(sides)}; " +
                "the input must be a picture of fixed size, [null, height, width, channels]");
        }

        var numbers = sides.EnumerateArray().Skip(1).Select(side => side.GetInt32()).ToArray();
        return numbers is [var height, var width, var channels]
            ? TensorShape.Image(height, width, channels)
            : TensorShape.Vector(numbers[0]);
    }

    public int Integer(string key, int? otherwise = null) =>
        Setting(key) is not { } value ? otherwise ?? throw Lacks(key)
        : value.TryGetInt(out var number) ? number : throw Unfit(key, value, "a whole number");

    public double Number(string key, double otherwise) =>
        Setting(key) is not { } value ? otherwise
        : value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Unfit(key, value, "a number");

    public bool Boolean(string key, bool otherwise) =>
        Setting(key) is not { } value ? otherwise
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Unfit(key, value, "true or false");

    public Size2D? Size(string key) =>
        Setting(key) is not { } value ? null
        : value.TryGetInt(out var side) ? side
        : value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2
            && value[0].TryGetInt(out var height) && value[1].TryGetInt(out var width) ? (height, width)
        : throw Unfit(key, value, "[height, width]");

    public Padding Padding() => Text("padding", "valid") switch
    {
        "valid" => Layers.Padding.Valid,
        "same" => Layers.Padding.Same,
        var other => throw Refused($"has padding '{other}'; 'valid' and 'same' are known"),
    };

    public string Text(string key, string otherwise) =>
        Setting(key) is not { } value ? otherwise
        : value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Unfit(key, value, "a text");

    public Activation Activation() => Setting("activation") is { } value
        ? KerasActivation.Parse(value) ?? throw Unfit("activation", value, "linear, relu or softmax")
        : Layers.Activation.Linear;

    /// <summary>[[top, bottom], [left, right]], [rows, columns] or one number for all sides.</summary>
    public PaddingSides Sides(string key)
    {
        var value = Setting(key) ?? throw Lacks(key);
        if (value.TryGetInt(out var all))
            return new PaddingSides(all, all, all, all);
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2
            && Pair(value[0]) is var (top, bottom) && Pair(value[1]) is var (left, right))
        {
            return new PaddingSides(top, bottom, left, right);
        }

        throw Unfit(key, value, "[[top, bottom], [left, right]]");

        static (int Before, int After)? Pair(JsonElement pair) =>
            pair.TryGetInt(out var both) ? (both, both)
            : pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2
                && pair[0].TryGetInt(out var before) && pair[1].TryGetInt(out var after) ? (before, after)
            : null;
    }

    /// <summary>Refuses a setting that is there with any other value.</summary>
    public void Require(string key, params ReadOnlySpan<string> allowed)
    {
        if (Setting(key) is not { } value)
            return;
        var text = value.ValueKind == JsonValueKind.Number
            ? value.GetDouble().ToString(CultureInfo.InvariantCulture)
            : value.ToString();
        if (!allowed.Contains(text))
            throw Unfit(key, value, allowed.Length == 0 ? "null" : string.Join(" or ", allowed));
    }

    /// <summary>Refuses what is set beside the settings that were read.</summary>
    public void RequireNothingElse()
    {
        RequireFloats();
        foreach (var property in _config.EnumerateObject())
        {
            if (!_read.Contains(property.Name) && !s_ofTraining.Contains(property.Name) && IsSet(property.Value)
                && !property.Name.EndsWith("_initializer", StringComparison.Ordinal)
                && !property.Name.EndsWith("_regularizer", StringComparison.Ordinal)
                && !property.Name.EndsWith("_constraint", StringComparison.Ordinal))
            {
                throw Refused($"has {property.Name} {property.Value.GetRawText()}, which is not known here");
            }
        }
    }

    public AlexNetException Refused(string why) => new($"The Keras layer '{Name}' ({ClassName}) {why}.");

    // A name, or in Keras 3 a policy that holds one. The weights are 32-bit in the mixed ones, too.
    private void RequireFloats()
    {
        if (!_config.TryGetProperty("dtype", out var type) || !IsSet(type))
            return;
        var name = type.ValueKind == JsonValueKind.String ? type.GetString()
            : type.ValueKind == JsonValueKind.Object && type.TryGetProperty("config", out var policy)
                ? KerasJson.Text(policy, "name") : null;
        if (name is not ("float32" or "mixed_float16" or "mixed_bfloat16"))
            throw Refused($"computes in {name ?? type.GetRawText()}; only 32-bit floats are known");
    }

    private JsonElement? Setting(string key)
    {
        _read.Add(key);
        return _config.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private static bool IsSet(JsonElement value) => value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False);

    private AlexNetException Lacks(string key) => Refused($"lacks '{key}'");

    private AlexNetException Unfit(string key, JsonElement value, string allowed) =>
        Refused($"has {key} {KerasJson.Short(value)}; it must be {allowed}");
}
