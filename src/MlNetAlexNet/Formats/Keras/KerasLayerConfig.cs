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
        "name", "trainable", "dtype", "batch_input_shape", "batch_shape", "input_dtype", "seed", "renorm_momentum",
        "synchronized",
    ];

    private const string KernelRegularizerKey = "kernel_regularizer";

    // Keras' defaults of kernels, of biases, betas and means, and of gammas and variances, and WeightInitializer's, by class and name.
    private static readonly HashSet<string> s_usualInitializers =
        ["GlorotUniform", "glorot_uniform", "HeNormal", "he_normal", "Zeros", "zeros", "Ones", "ones"];

    private readonly JsonElement _config;
    private readonly HashSet<string> _read = [];

    /// <summary>Takes an entry of a model's list of layers.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="models">The models inside the model that it is in.</param>
    public KerasLayerConfig(JsonElement entry, IReadOnlyList<string> models)
    {
        Class = KerasJson.Text(entry, "class_name") ?? throw KerasJson.Fault("has a layer without a class_name");
        ClassName = Class.Split('>')[^1];
        if (!entry.TryGetProperty("config", out _config)
            || _config.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            throw KerasJson.Fault($"has a {ClassName} without a config");
        }

        Place = new KerasPlace(
            KerasJson.Text(_config, "name") ?? KerasJson.Text(entry, "name") ?? KerasSlots.SnakeCase(ClassName),
            models,
            Group: "");
        Entry = entry;
    }

    private KerasLayerConfig(KerasLayerConfig other, KerasPlace place) =>
        (Class, ClassName, Place, Entry, _config) = (other.Class, other.ClassName, place, other.Entry, other._config);

    /// <summary>Such as <c>Conv2D</c>.</summary>
    public string ClassName { get; }

    /// <summary>The same as the file has it, where a package may stand before it: <c>my_layers>LRN</c>.</summary>
    public string Class { get; }

    /// <summary>Where it is in the model.</summary>
    public KerasPlace Place { get; }

    /// <summary>Such as <c>conv2d_1</c>.</summary>
    public string Name => Place.Name;

    /// <summary>Whether it is no layer, but the shape of what goes into a model.</summary>
    public bool IsInput => ClassName == "InputLayer";

    /// <summary>What is not Keras' own of the class, as far as the file says: its module or package; null if it is.</summary>
    public string? Stranger =>
        KerasJson.Text(Entry, "module") is { } module && !module.StartsWith("keras", StringComparison.Ordinal)
            && !module.StartsWith("tf_keras", StringComparison.Ordinal) ? $"{module}.{ClassName}"
        : KerasJson.Text(Entry, "registered_name") is { } registered && registered.Contains('>') ? registered
        : Class.Contains('>') ? Class
        : null;

    /// <summary>All that the list of layers says of it.</summary>
    public JsonElement Entry { get; }

    /// <summary>
    /// In what it computes, such as <c>float32</c>; null if it does not say. A name, or in Keras 3 a policy that holds one.
    /// </summary>
    public string? Precision
    {
        get
        {
            if (!_config.TryGetProperty("dtype", out var type) || !IsSet(type))
                return null;
            if (type.ValueKind == JsonValueKind.String)
                return type.GetString();
            return type.ValueKind == JsonValueKind.Object && type.TryGetProperty("config", out var policy)
                ? KerasJson.Text(policy, "name") ?? type.GetRawText()
                : type.GetRawText();
        }
    }

    /// <summary>
    /// What only training knows, and not as here: regularizers that are no <see cref="KernelDecay"/>, constraints, and that a layer
    /// is not to be trained.
    /// </summary>
    public IEnumerable<string> IgnoredSettings =>
        from property in _config.EnumerateObject()
        let word = WordOf(property)
        where word is not null
        select $"{Name}: {word}";

    /// <summary>Initializers that are neither Keras' default nor what is drawn here, which a training from random weights would miss.</summary>
    public IEnumerable<string> Initializers =>
        from property in _config.EnumerateObject()
        where property.Name.EndsWith("_initializer", StringComparison.Ordinal)
        let name = InitializerOf(property.Value)
        where name is not null && !s_usualInitializers.Contains(name)
        select $"{Name}: {property.Name} {name}";

    /// <summary>The name of its regularizer, as one of <see cref="IgnoredSettings"/>.</summary>
    public string KernelRegularizer => $"{Name}: {KernelRegularizerKey}";

    /// <summary>
    /// The weight decay that its <c>kernel_regularizer</c> is, as <see cref="KerasRegularizer"/> derives it; null if it has none,
    /// or one that is more.
    /// </summary>
    public double? KernelDecay => _config.ValueKind == JsonValueKind.Object && _config.TryGetProperty(KernelRegularizerKey, out var regularizer)
        && KerasRegularizer.ReadDecay(regularizer) is > 0 and var decay ? decay : null;

    /// <summary>The same at another place.</summary>
    public KerasLayerConfig At(KerasPlace place) => new(this, place);

    /// <summary>The names that a user may call a layer by: its own, its class with its package, its class.</summary>
    public IEnumerable<string> Names =>
        ((string?[])[Name, KerasJson.Text(Entry, "registered_name"), Class, ClassName]).OfType<string>();

    /// <summary>The shape given with the layer; null if it gives none.</summary>
    public KerasInputShape? InputShape() =>
        (Setting("batch_input_shape") ?? Setting("batch_shape")) is not { } shape ? null
        : KerasInputShape.Parse(shape) ?? throw Refused(
            $"takes {KerasJson.Short(shape)}; the input must be a picture, [null, height, width, channels]");

    /// <summary>Refuses an input that is more than a shape.</summary>
    public void RequirePlainInput()
    {
        InputShape();
        Require("sparse", "False");
        Require("ragged", "False");
        Require("optional", "False");
        RequireNothingElse();
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

    /// <summary>The activation, as a layer.</summary>
    public Layer Activation() => Setting("activation") is { } value
        ? KerasActivation.Parse(value, Place) ?? throw Unfit("activation", value, KerasActivation.Known)
        : new ActivationLayer(Layers.Activation.Linear);

    /// <summary>Axes, the batch's being 0; null if there are none given.</summary>
    public IReadOnlyList<int>? Axes() =>
        Setting("axis") is not { } value ? null
        : value.TryGetInt(out var axis) ? [axis]
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.TryGetInt(out _))
            ? [.. value.EnumerateArray().Select(item => item.GetInt32())]
        : throw Unfit("axis", value, "a whole number or a list of them");

    /// <summary>A number or a list of numbers, or what Keras 3 makes of a numpy array; null if there are none.</summary>
    public double[]? Numbers(string key)
    {
        if (Setting(key) is not { } value)
            return null;
        var numbers = KerasJson.Text(value, "class_name") is "__numpy__" or "__tensor__"
            && value.TryGetProperty("config", out var array) && array.TryGetProperty("value", out var inner)
                ? inner : value;
        return Flat(numbers).Any(number => number.ValueKind != JsonValueKind.Number) || !Flat(numbers).Any()
            ? throw Unfit(key, value, "a number or a list of numbers")
            : [.. Flat(numbers).Select(number => number.GetDouble())];

        static IEnumerable<JsonElement> Flat(JsonElement value) =>
            value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Flat) : [value];
    }

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

    /// <summary>Whether a setting is there.</summary>
    public bool Has(string key) => _config.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;

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

    /// <summary>Refuses layers that do not compute in floats.</summary>
    public void RequireFloats()
    {
        if (Precision is not (null or "float32" or "float64" or "float16" or "mixed_float16" or "mixed_bfloat16"))
            throw Refused($"computes in {Precision}; only floats of 16, 32 and 64 bits are known");
    }

    private static string? WordOf(JsonProperty setting)
    {
        return setting switch
        {
            { Name: "trainable", Value.ValueKind: JsonValueKind.False } => "trainable false",
            { Name: KernelRegularizerKey } => KerasRegularizer.ReadDecay(setting.Value) is null ? setting.Name : null,
            _ when !IsSet(setting.Value) => null,
            _ when Ends("_regularizer") || Ends("_constraint") => setting.Name,
            _ => null,
        };

        bool Ends(string with) => setting.Name.EndsWith(with, StringComparison.Ordinal);
    }

    private static string? InitializerOf(JsonElement initializer) => initializer.ValueKind == JsonValueKind.String
        ? initializer.GetString()
        : KerasJson.Text(initializer, "class_name");

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
