using System.CommandLine;
using MlNetAlexNet.Cli.Progress;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Cli;

/// <summary>The flags that say of a model what its file does not.</summary>
internal sealed class ModelFlags
{
    private readonly Option<string?> _preset = new("--preset")
    {
        Description = $"The stack of a file that holds weights alone: {SummaryCommand.Presets}.", HelpName = "NAME",
    };

    private readonly Option<string?> _stack = new("--stack")
    {
        Description = "The same as the configuration of a sequential Keras model.", HelpName = "STACK.json",
    };

    private readonly Option<string[]> _customLayers = new("--custom-layer", "--custom-layers")
    {
        Description =
            "What a layer of the user's own computes, of which a Keras file has the name alone, such as " +
            "LRN=LocalResponseNormalization(depth_radius=2, bias=1, alpha=1e-4, beta=0.75), or NAME=Identity for nothing; " +
            "or a JSON file of such. Can be given again.",
        HelpName = "NAME=LAYER|FILE.json",
    };

    private readonly Option<string?> _classes = new("--classes")
    {
        Description =
            "Class names: a list such as cat,dog, or a file with one on each line. Those of the model in any order, or names in " +
            "the order of its last layer. Default: the file's own, else 0, 1, 2.",
        HelpName = "A,B,...|FILE",
    };

    public const string RenameClass = "A new name for a class of the file. Can be given again.";

    private readonly Option<string[]> _renamed = new("--rename-class", "--rename") { Description = RenameClass, HelpName = "OLD=NEW" };

    private readonly Option<string?> _mean = new("--mean")
    {
        Description =
            "Mean of red, green and blue, or one for all, of values from 0 to 255; with a deviation below 1, from 0 to 1. " +
            "Default: the file's own, else the preset's or the framework's, else 0.",
        HelpName = "R,G,B",
    };

    private readonly Option<string?> _deviation = new("--standard-deviation", "--std")
    {
        Description = "Deviation likewise. Default: the file's own, else the preset's or the framework's, else 255.",
        HelpName = "R,G,B",
    };

    private readonly Option<ChannelOrder?> _channelOrder = new("--channel-order")
    {
        Description = "Which colour the network takes first. Default: rgb, but for Caffe's networks.", HelpName = "rgb|bgr",
    };

    private readonly Option<ImageResizeMode?> _resizeMode = new("--resize-mode")
    {
        Description =
            "How a picture becomes a square. Default: the file's own, else squash for Keras and TensorFlow.js, crop for others.",
        HelpName = "crop|squash|pad",
    };

    private readonly Option<int?> _imageSize = new("--image-size")
    {
        Description =
            "Side of that square in pixels; the network gets its middle. Default: the file's own, else the network's input, " +
            "256 for a crop of 200 to 256.",
        HelpName = "N",
    };

    private readonly Option<Activation?> _lastActivation = new("--last-activation")
    {
        Description = "What comes after the last layer of a file that does not say it. Default: softmax, of several outputs.",
        HelpName = "softmax|sigmoid",
    };

    private readonly Option<bool>[] _views =
        [.. ViewFlags.All.Select(flag => new Option<bool>(flag.Name) { Description = flag.Description })];

    public ModelFlags(Command command)
    {
        _channelOrder.RequireOneOf("rgb", "bgr");
        _resizeMode.RequireOneOf("crop", "squash", "pad");
        _lastActivation.RequireOneOf("softmax", "sigmoid");
        foreach (var option in (Option[])
            [_preset, _stack, _customLayers, _classes, _renamed, _mean, _deviation, _channelOrder, _resizeMode, _imageSize,
            _lastActivation, .. _views])
        {
            command.Add(option);
        }

        command.Validators.Add(result => result.RefuseBoth(_preset, _stack));
        ViewFlags.RefuseTwo(command, _views);
        command.Validators.Add(result => result.RefuseBoth(_classes, _renamed));
    }

    /// <summary>What the flags say.</summary>
    public ModelFileOptions Read(ParseResult parsed)
    {
        var options = Parse(parsed);
        return parsed.GetValue(_stack) is { } stack
            ? options with { KerasConfiguration = ReadConfiguration(stack, options.CustomLayers) }
            : options;
    }

    private ModelFileOptions Parse(ParseResult parsed) => new()
    {
        Preset = parsed.GetValue(_preset) is { } preset ? AlexNet.GetPreset(preset) : null,
        CustomLayers = parsed.GetValue(_customLayers) is { Length: > 0 } layers ? CustomLayerFlag.Parse(layers) : null,
        Classes = parsed.GetValue(_classes) is { } names ? ClassNamesFlag.Read(names) : null,
        RenamedClasses = parsed.GetValue(_renamed) is { Length: > 0 } renamed ? ParseRenamed(renamed) : null,
        Mean = Numbers(parsed.GetValue(_mean), "--mean"),
        StandardDeviation = Numbers(parsed.GetValue(_deviation), "--standard-deviation"),
        ChannelOrder = parsed.GetValue(_channelOrder),
        ResizeMode = parsed.GetValue(_resizeMode),
        ImageSize = parsed.GetValue(_imageSize),
        LastActivation = parsed.GetValue(_lastActivation),
        Views = ViewFlags.All.Zip(_views).Where(pair => parsed.GetValue(pair.Second)).Select(pair => (ScoringViews?)pair.First.Views)
            .SingleOrDefault(),
    };

    /// <summary>New names of classes by old ones, as the flag gives them.</summary>
    public static IReadOnlyDictionary<string, string>? ParseRenamed(string[]? texts) => texts is null
        ? null
        : NamedValues.Parse("--rename-class", texts, "an old and a new name, such as tshirt=t-shirt");

    /// <summary>Lines on what was assumed.</summary>
    public static string Assumed(IReadOnlyList<string> assumed) => Paragraph.Format(
        "Assumed",
        [
            .. assumed,
            "To change it: --classes, --channel-order, --resize-mode, --image-size, and --mean and --std unless the file normalizes.",
        ]);

    /// <summary>The text of a file that a flag names.</summary>
    /// <exception cref="AlexNetException">It cannot be read.</exception>
    public static string ReadText(string path, string what)
    {
        if (Directory.Exists(path))
            throw new AlexNetException($"The {what} in '{path}' cannot be read: it is a folder.");

        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException($"The {what} in '{path}' cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>The stack in a file, whose name its faults begin with.</summary>
    /// <exception cref="AlexNetException">It is none that is known.</exception>
    public static Sequential ParseStack(string path, string json, IReadOnlyDictionary<string, Layer>? customLayers = null)
    {
        try
        {
            return KerasConfig.Parse(json, customLayers);
        }
        catch (AlexNetException fault)
        {
            throw new AlexNetException($"'{path}' cannot be read as a Keras configuration: {fault.Message}", fault)
            {
                Option = fault.Option,
            };
        }
    }

    // Parsed here, so that its faults are told as this file's.
    private static string ReadConfiguration(string path, IReadOnlyDictionary<string, Layer>? customLayers)
    {
        var json = ModelFile.ReadStack(path) ?? throw new AlexNetException(
            $"'{path}' is no stack, but a model with weights; --stack is for files that hold weights alone. Leave it out.");
        ParseStack(path, json, customLayers);
        return json;
    }

    /// <summary>Three numbers, or one, as a flag gives them; null for none.</summary>
    internal static float[]? Numbers(string? text, string flag)
    {
        if (text is null)
            return null;

        // A blank may stand behind a comma.
        var numbers = text.Split(',').Select((part, i) =>
            FlagNumber.TryParse(i == 0 ? part : part.TrimStart(' '), out float number) ? number : float.NaN);
        return numbers.ToArray() is { Length: 1 or 3 } given && given.All(float.IsFinite)
            ? given
            : throw new AlexNetException($"{flag} '{text}' is neither three numbers, such as 123.7,116.3,103.5, nor one. Decimals stand behind a point.");
    }
}
