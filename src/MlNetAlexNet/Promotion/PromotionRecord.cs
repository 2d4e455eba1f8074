using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Promotion;

/// <summary>How a gate has ended.</summary>
public enum GateOutcome
{
    /// <summary>The challenger has taken the champion's place.</summary>
    Promoted,

    /// <summary>The challenger is not better, or not by more than luck; the champion stays.</summary>
    NotBetter,

    /// <summary>No challenger could have been promoted, so none was trained; the champion stays.</summary>
    Hopeless,

    /// <summary>It was ended early; the champion stays.</summary>
    Interrupted,

    /// <summary>Something went wrong; the champion stays.</summary>
    Failed,
}

/// <summary>One of the two models.</summary>
/// <param name="Path">Full path of the zip, as it was when they were compared.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="Classes">What it knows, by the names of today.</param>
public sealed record GatedModel(string Path, string Sha256, IReadOnlyList<string> Classes);

/// <summary>The pictures of today.</summary>
/// <param name="Train">Files to train on.</param>
/// <param name="Validation">Files that choose the best epoch.</param>
/// <param name="Test">Files to test with.</param>
public sealed record GatedPictures(int Train, int Validation, int Test)
{
    /// <summary>The time of the gate before this one; null if there was none, and the four that follow are unknown.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>As in <see cref="PictureChanges.Added"/>.</summary>
    public int? New { get; init; }

    /// <summary>As in <see cref="PictureChanges.Removed"/>.</summary>
    public int? Removed { get; init; }

    /// <summary>As in <see cref="PictureChanges.Relabelled"/>.</summary>
    public int? Relabelled { get; init; }

    /// <summary>As in <see cref="PictureChanges.Moved"/>.</summary>
    public int? Moved { get; init; }

    /// <summary>How many the champion was trained on; 0 if it does not say.</summary>
    public int ChampionTrainedOn { get; init; }

    /// <summary>How many of these are no longer there.</summary>
    public int ChampionMissing { get; init; }
}

/// <summary>The held-out pictures.</summary>
/// <param name="Count">How many.</param>
/// <param name="Sha256">As in <see cref="HeldOutPictures.Sha256"/>.</param>
/// <param name="ComparedBefore">How often two models were compared on the one of them that was used most.</param>
/// <param name="LeftOutTrainedOn">As in <see cref="HeldOutPictures.TrainedOn"/>.</param>
/// <param name="LeftOutChosenBy">As in <see cref="HeldOutPictures.ChosenBy"/>.</param>
/// <param name="LeftOutLearnt">As in <see cref="HeldOutPictures.Learnt"/>.</param>
/// <param name="LeftOutCopies">As in <see cref="HeldOutPictures.Copies"/>.</param>
/// <param name="LeftOutContradictory">As in <see cref="HeldOutPictures.Contradictory"/>.</param>
/// <param name="Fingerprints">Of each: the first 16 digits of what <c>sha256sum</c> prints.</param>
public sealed record GatedHeldOut(
    int Count,
    string Sha256,
    int ComparedBefore,
    int LeftOutTrainedOn,
    int LeftOutChosenBy,
    int LeftOutLearnt,
    int LeftOutCopies,
    int LeftOutContradictory,
    IReadOnlyList<string> Fingerprints);

/// <summary>The classes of both.</summary>
/// <param name="Shared">Those that both know.</param>
/// <param name="Added">Those that the challenger alone knows.</param>
/// <param name="Dropped">Those that the champion alone knows.</param>
/// <param name="Renamed">Today's names by those of the champion.</param>
public sealed record GatedClasses(
    IReadOnlyList<string> Shared,
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Dropped,
    IReadOnlyDictionary<string, string> Renamed);

/// <summary><c>promotion.json</c>: what a gate has decided, and everything it was decided by.</summary>
public sealed record PromotionRecord
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>How it has ended.</summary>
    public required GateOutcome Outcome { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>As in <see cref="PromotionRule.Significance"/>.</summary>
    public required double Significance { get; init; }

    /// <summary>The model in use.</summary>
    public required GatedModel Champion { get; init; }

    /// <summary>The new model; null if none was trained.</summary>
    public GatedModel? Challenger { get; init; }

    /// <summary>Where the old champion is kept; null if it stays in its place.</summary>
    public string? Previous { get; init; }

    /// <summary>The classes; null if it ended before they were known.</summary>
    public GatedClasses? Classes { get; init; }

    /// <summary>The pictures; null likewise.</summary>
    public GatedPictures? Pictures { get; init; }

    /// <summary>The held-out ones; null likewise.</summary>
    public GatedHeldOut? HeldOut { get; init; }

    /// <summary>Both models on these; null if they were not compared.</summary>
    public ModelComparison? Comparison { get; init; }

    /// <summary>Seed of the training.</summary>
    public int Seed { get; init; }

    /// <summary>Options of the training, as in <c>options.json</c>; null if there was none.</summary>
    public JsonNode? Options { get; init; }

    /// <summary>What computed, by name.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>
    {
        // With the commit behind a plus sign, where it was built of one.
        ["MlNetAlexNet"] = typeof(PromotionRecord).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        [".NET"] = Environment.Version.ToString(),
        ["ONNX Runtime"] = ScoringSession.RuntimeVersion,
        ["operating system"] = $"{RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture})",
    };

    /// <summary>Writes it, whole or not at all.</summary>
    /// <exception cref="AlexNetException">It cannot be written.</exception>
    public void Write(string path) => WholeFile.WriteText(path, JsonSerializer.Serialize(this, s_json) + "\n");
}
