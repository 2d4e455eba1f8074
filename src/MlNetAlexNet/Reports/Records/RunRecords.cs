using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Reports.Records;

/// <summary>What a run folder says of its run: files alone, whoever wrote them.</summary>
/// <param name="Folder">The run folder.</param>
/// <param name="Options">All options; of a run of an earlier version as that wrote them.</param>
/// <param name="History">The epochs.</param>
/// <param name="Description">Of the run; null of a run of an earlier version.</param>
/// <param name="Pictures">The test pictures; none without a test, or of a run of an earlier version.</param>
/// <param name="Metrics">Of those; null where there are none.</param>
internal sealed record RunRecords(
    string Folder,
    JsonObject Options,
    IReadOnlyList<EpochRecord> History,
    RunDescription? Description,
    IReadOnlyList<ScoredPicture> Pictures,
    Metrics? Metrics)
{
    public const string OptionsName = OutputFolders.Options;
    public const string HistoryName = OutputFolders.History;
    public const string DescriptionName = "run.json";
    public const string MetricsName = "metrics.json";
    public const string PredictionsName = "predictions.csv";
    public const string ModelName = OutputFolders.Model;
    public const string ReportName = "report.html";

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    };

    /// <summary>The name of the run. Default: of its folder.</summary>
    public string Name { get; init; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)));

    /// <summary>The folder of the pictures; empty where the options do not say.</summary>
    public string Data => Options["data"] is JsonValue data && data.TryGetValue(out string? path) ? path : "";

    /// <summary>How its pictures became squares.</summary>
    public ImageResizeMode ResizeMode =>
        Options["resizeMode"] is JsonValue mode && mode.TryGetValue(out string? name) && Enum.TryParse(name, out ImageResizeMode value) ? value : ImageResizeMode.Crop;

    /// <summary>The model zip.</summary>
    public string Model => Path.Combine(Folder, ModelName);

    /// <summary>What a picture is called: its path from the folder of the pictures on, with <c>/</c>, where it is in there.</summary>
    public string NameOf(ScoredPicture picture)
    {
        if (Data == "")
            return picture.Path;

        var name = Path.GetRelativePath(File.Exists(Data) ? Path.GetDirectoryName(Data)! : Data, picture.Path);
        return name.StartsWith("..", StringComparison.Ordinal) ? picture.Path : name.Replace('\\', '/');
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="AlexNetException">It is no run folder, or one of its records is damaged.</exception>
    public static RunRecords Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new AlexNetException($"The run folder '{folder}' is missing. Name one that a training wrote, such as runs/shapes-1.");
        if (!File.Exists(Path.Combine(folder, OptionsName)) || !File.Exists(Path.Combine(folder, HistoryName)))
        {
            throw new AlexNetException(
                $"'{folder}' is no folder of a run: it has no {OptionsName} with a {HistoryName}. Name one that a training wrote, such as runs/shapes-1.");
        }

        var predictions = Path.Combine(folder, PredictionsName);
        var pictures = File.Exists(predictions) ? PredictionsFile.Read(predictions) : [];
        return new RunRecords(
            folder,
            ReadJson<JsonObject>(Path.Combine(folder, OptionsName))!,
            EpochRecord.Read(Path.Combine(folder, HistoryName)),
            ReadJson<RunDescription>(Path.Combine(folder, DescriptionName)),
            pictures,
            pictures.Count == 0 ? null : Metrics.Count(ListClasses(folder, pictures), pictures));
    }

    /// <summary>Writes the description of a run.</summary>
    public static void Write(RunDescription description, string folder, JsonSerializerOptions json) => WholeFile.WriteText(
        Path.Combine(folder, DescriptionName), JsonSerializer.Serialize(description, json) + "\n");

    // In the order of the model's scores, of pictures or not.
    private static IReadOnlyList<string> ListClasses(string folder, IReadOnlyList<ScoredPicture> pictures)
    {
        var metrics = ReadJson<JsonObject>(Path.Combine(folder, MetricsName));
        var named = metrics?["classes"] is JsonArray classes ? classes.Select(each => each?["name"]?.ToString()).OfType<string>() : [];
        return [.. named.Union(pictures.SelectMany(picture => (string[])[picture.Label, picture.Predicted]).Order(StringComparer.Ordinal))];
    }

    private static T? ReadJson<T>(string path)
        where T : class
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), s_json) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new AlexNetException($"'{path}' cannot be read: {fault.Message}", fault);
        }
    }
}
