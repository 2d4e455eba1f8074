using System.CommandLine;
using System.Globalization;
using MlNetAlexNet.Formats.Keras;
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

    private readonly Option<string?> _classes = new("--classes")
    {
        Description = "File with a class name on each line, in the order of the last layer. Default: the file's own, else 0, 1, 2.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _mean = new("--mean")
    {
        Description = "Mean of red, green and blue, 0 to 255. Default: the file's own, else the preset's, else 0.", HelpName = "R,G,B",
    };

    private readonly Option<string?> _deviation = new("--standard-deviation")
    {
        Description = "Deviation of red, green and blue, 0 to 255. Default: the file's own, else the preset's, else 255.",
        HelpName = "R,G,B",
    };

    public ModelFlags(Command command)
    {
        foreach (var option in (Option[])[_preset, _stack, _classes, _mean, _deviation])
            command.Add(option);
        command.Validators.Add(result => result.RefuseBoth(_preset, _stack));
    }

    /// <summary>What the flags say.</summary>
    public ModelFileOptions Read(ParseResult parsed) => new()
    {
        Network = parsed.GetValue(_stack) is { } stack ? KerasConfig.ReadFile(stack) : null,
        Preset = parsed.GetValue(_preset) is { } preset ? AlexNet.GetPreset(preset) : null,
        Classes = parsed.GetValue(_classes) is { } file ? ReadClasses(file) : null,
        Mean = Numbers(parsed.GetValue(_mean), "--mean"),
        StandardDeviation = Numbers(parsed.GetValue(_deviation), "--standard-deviation"),
    };

    /// <summary>A line on what was assumed.</summary>
    public static string Assumed(IReadOnlyList<string> assumed) =>
        $"Assumed    {string.Join("; ", assumed)}. --classes, --mean and --standard-deviation change it";

    private static IReadOnlyList<string> ReadClasses(string path)
    {
        try
        {
            return [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException($"The class names in '{path}' cannot be read: {fault.Message}", fault);
        }
    }

    private static float[]? Numbers(string? text, string flag)
    {
        if (text is null)
            return null;

        var numbers = text.Split(',').Select(part =>
            float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : float.NaN);
        return numbers.ToArray() is [_, _, _] three && three.All(float.IsFinite)
            ? three
            : throw new AlexNetException($"{flag} '{text}' is not three numbers, such as 123.7,116.3,103.5.");
    }
}
