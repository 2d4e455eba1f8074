using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MlNetAlexNet.Formats;

namespace MlNetAlexNet.Training.Runs;

/// <summary><c>options.json</c>: every option of a run, so that it can be repeated.</summary>
public static class OptionsFile
{
    internal static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        // The file is read by people; class names and paths stay legible.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
    };

    /// <summary>Reads the options of an earlier run; <see cref="RunOptions.Output"/> is left empty.</summary>
    /// <exception cref="AlexNetException">The file is missing or is not one of options.</exception>
    public static RunOptions Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path))
                ?? throw new AlexNetException(
                    $"The options file '{path}' holds only 'null'; give the options.json of a run.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // a text that is no Unicode
        {
            throw new AlexNetException($"The options file '{path}' cannot be used: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException($"The options file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <exception cref="JsonException">It is no text of options.</exception>
    internal static RunOptions? Parse(string text) => JsonSerializer.Deserialize<RunOptions>(EarlierOptions.Update(text), Json);

    /// <summary>The options as they are written.</summary>
    internal static JsonNode ToJson(RunOptions options) => JsonSerializer.SerializeToNode(WithFullPaths(options), Json)!;

    internal static void Write(RunOptions options, string path) =>
        WholeFile.WriteText(path, JsonSerializer.Serialize(WithFullPaths(options), Json) + "\n");

    /// <summary>The options as they are written: they hold wherever the program is started.</summary>
    internal static RunOptions WithFullPaths(RunOptions options) => options with
    {
        Data = Path.GetFullPath(options.Data),
        Only = options.Only is { } only ? Path.GetFullPath(only) : null,
        Unlabelled = options.Unlabelled is { } unlabelled ? Path.GetFullPath(unlabelled) : null,
        Training = options.Training with
        {
            Teacher = options.Training.Teacher is { } teacher && !KnownTeacher.IsKnown(teacher.Model)
                ? teacher with { Model = Path.GetFullPath(teacher.Model) }
                : options.Training.Teacher,
        },
        Start = options.Start with
        {
            Stack = options.Start.Stack is { } stack ? Path.GetFullPath(stack) : null,
            InitialWeights = options.Start.InitialWeights is { } weights ? Path.GetFullPath(weights) : null,
        },
    };
}
