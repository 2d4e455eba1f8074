using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Reports.Records;

/// <summary>What a run folder says of its run: files alone, whoever wrote them.</summary>
/// <param name="Folder">The run folder.</param>
/// <param name="Options">All options by their names; of a run of an earlier version as that wrote them.</param>
/// <param name="History">The epochs.</param>
/// <param name="Description">Of the run; null of a run of an earlier version.</param>
/// <param name="Environment">What it was computed with, by name.</param>
/// <param name="Pictures">The test pictures; none without a test, or of a run of an earlier version.</param>
/// <param name="Metrics">Of those; null where there are none.</param>
internal sealed record RunRecords(
    string Folder,
    IReadOnlyList<(string Name, string Value)> Options,
    IReadOnlyList<EpochRecord> History,
    RunDescription? Description,
    IReadOnlyList<(string Name, string Value)> Environment,
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
        AllowDuplicateProperties = false,
    };

    /// <summary>The name of the run. Default: of its folder.</summary>
    public string Name { get; init; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)));

    /// <summary>The folder of the pictures; empty where the options do not say.</summary>
    public string Data => GetOption("data") ?? "";

    /// <summary>How its pictures became squares.</summary>
    public ImageResizeMode ResizeMode => Enum.TryParse(GetOption("resizeMode"), out ImageResizeMode mode) && Enum.IsDefined(mode) ? mode : ImageResizeMode.Crop;

    /// <summary>The model zip.</summary>
    public string Model => Path.Combine(Folder, ModelName);

    /// <summary>Whether the run has come to a model, which may have been taken away since.</summary>
    public bool HasModel => Description is not null || File.Exists(Model);

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
        var description = ReadJson(Path.Combine(folder, DescriptionName), json => json.Deserialize<RunDescription>(s_json));
        return new RunRecords(
            folder,
            ReadJson(Path.Combine(folder, OptionsName), json => JsonPairs.List(json).ToList())!,
            EpochRecord.Read(Path.Combine(folder, HistoryName)),
            description,
            ReadJson(Path.Combine(folder, DescriptionName), json => JsonPairs.List(json["environment"]).ToList()) ?? [],
            pictures,
            pictures.Count == 0 ? null : Metrics.Count(ListClasses(folder, pictures), pictures));
    }

    private string? GetOption(string name) => Options.FirstOrDefault(option => option.Name == name).Value;

    // In the order of the model's scores, of pictures or not.
    private static IReadOnlyList<string> ListClasses(string folder, IReadOnlyList<ScoredPicture> pictures)
    {
        var named = ReadJson(
            Path.Combine(folder, MetricsName),
            json => json["classes"] is JsonArray classes ? classes.OfType<JsonObject>().Select(each => $"{each["name"]}").ToList() : []);
        return [.. (named ?? []).Union(pictures.SelectMany(picture => (string[])[picture.Label, picture.Predicted]).Order(StringComparer.Ordinal))];
    }

    // What is wrong in a file may show as it is looked into.
    private static T? ReadJson<T>(string path, Func<JsonObject, T?> read)
        where T : class
    {
        try
        {
            return !File.Exists(path) ? null
                : JsonSerializer.Deserialize<JsonNode>(File.ReadAllText(path), s_json) is JsonObject json ? read(json)
                : throw new AlexNetException($"'{path}' cannot be read: it is no JSON object.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new AlexNetException($"'{path}' cannot be read: {fault.Message}", fault);
        }
    }
}
