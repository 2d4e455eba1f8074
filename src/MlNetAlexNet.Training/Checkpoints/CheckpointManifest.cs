using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetAlexNet.Formats;

namespace MlNetAlexNet.Training.Checkpoints;

/// <summary>A checkpoint's own file, written last: a checkpoint is there once this is.</summary>
/// <param name="Version">Of this form.</param>
/// <param name="Run">What it is of.</param>
/// <param name="Position">Where the training is.</param>
/// <param name="State">The tensors.</param>
/// <param name="Best">The weights of the best epoch, which other checkpoints may share; null before the first one has ended.</param>
internal sealed record CheckpointManifest(
    int Version, RunFacts Run, TrainingPosition Position, FileRecord State, FileRecord? Best)
{
    /// <summary>The one form there is.</summary>
    public const int CurrentVersion = 1;

    // A history of 100,000 epochs has a fifth of this.
    private const int MostBytes = 1 << 26;

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        AllowDuplicateProperties = false, // in the options, too, which are read as they are
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // the lowest loss is infinite at first
    };

    /// <summary>The files it needs.</summary>
    [JsonIgnore]
    public IEnumerable<FileRecord> Files => Best is null ? [State] : [State, Best];

    /// <summary>The manifest, and its own hash, so that no changed number goes unseen.</summary>
    public void Write(Stream file)
    {
        var text = JsonSerializer.Serialize(this, s_json);
        file.Write(Encoding.UTF8.GetBytes($"{text}\n{Hash(text)}\n"));
    }

    /// <exception cref="AlexNetException">The file is damaged.</exception>
    public static CheckpointManifest Read(Stream file)
    {
        if (file.Length > MostBytes)
            throw new AlexNetException(FormattableString.Invariant($"it has {file.Length} bytes; one has {MostBytes} at most"));

        using var reader = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            var whole = reader.ReadToEnd();
            var end = whole.TrimEnd('\n').LastIndexOf('\n');
            if (end < 0 || whole[(end + 1)..] != Hash(whole[..end]) + "\n")
                throw new AlexNetException("it has other bytes than were written");

            var manifest = JsonSerializer.Deserialize<CheckpointManifest>(whole[..end], s_json);
            return manifest is not null && manifest.Position.IsPossible
                ? manifest
                : throw new AlexNetException("it is at no place in a training");
        }
        catch (Exception fault) when (fault is JsonException or DecoderFallbackException or NotSupportedException or ArgumentException)
        {
            throw new AlexNetException($"it cannot be used: {fault.Message}", fault);
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
