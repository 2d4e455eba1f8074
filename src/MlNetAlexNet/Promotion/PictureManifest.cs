using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Promotion;

/// <summary>A picture that a gate has seen.</summary>
/// <param name="Fingerprint">Of its bytes: the first 16 digits of what <c>sha256sum</c> prints.</param>
/// <param name="Name">Where it lay, from the folder on.</param>
/// <param name="Label">Its class then.</param>
/// <param name="Part">Its part then: <c>train</c>, <c>validation</c> or <c>test</c>.</param>
/// <param name="FirstSeen">The time of the gate that has seen it first.</param>
/// <param name="Compared">How often two models were compared on it.</param>
public sealed record KnownPicture(
    string Fingerprint, string Name, string Label, string Part, DateTimeOffset FirstSeen, int Compared);

/// <summary>What is different in the pictures since the last gate. A picture is told by its bytes, wherever it lies.</summary>
/// <param name="Added">Those that are new.</param>
/// <param name="Removed">Those that are gone.</param>
/// <param name="Relabelled">Those of another class than before, but for one that was renamed.</param>
/// <param name="Moved">Those in another part than before.</param>
public sealed record PictureChanges(
    IReadOnlyList<GatePicture> Added,
    IReadOnlyList<KnownPicture> Removed,
    IReadOnlyList<GatePicture> Relabelled,
    IReadOnlyList<GatePicture> Moved);

/// <summary>The pictures that the last gate has seen, beside the champion.</summary>
/// <param name="Time">Of the gate.</param>
/// <param name="Split">How the parts were drawn.</param>
/// <param name="Pictures">The pictures; one whose bytes are there twice in one class and part comes once.</param>
public sealed record PictureManifest(DateTimeOffset Time, SplitOptions Split, IReadOnlyList<KnownPicture> Pictures)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Of today's pictures.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="split">How the parts were drawn.</param>
    /// <param name="time">Now.</param>
    /// <param name="before">The last one; null if this is the first.</param>
    /// <param name="compared">Those that two models are compared on now.</param>
    public static PictureManifest Collect(
        IEnumerable<GatePicture> pictures,
        SplitOptions split,
        DateTimeOffset time,
        PictureManifest? before,
        IEnumerable<GatePicture> compared)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(compared);
        var known = ByFingerprint(before);
        var now = compared.Select(picture => picture.Fingerprint).ToHashSet();
        return new PictureManifest(time, split,
        [
            .. pictures.DistinctBy(picture => (picture.Fingerprint, picture.Label, picture.Part)).Select(picture => new KnownPicture(
                picture.Fingerprint.ToString(),
                picture.Name,
                picture.Label,
                picture.Part,
                known[picture.Fingerprint.ToString()].Select(one => one.FirstSeen).DefaultIfEmpty(time).Min(),
                known[picture.Fingerprint.ToString()].Select(one => one.Compared).DefaultIfEmpty(0).Max()
                    + (now.Contains(picture.Fingerprint) ? 1 : 0))),
        ]);
    }

    /// <summary>Reads a manifest; null if there is none.</summary>
    /// <exception cref="AlexNetException">It is damaged, or cannot be read.</exception>
    public static PictureManifest? Find(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
            return null;

        const string Kind = "a list of pictures";
        return FileReading.Read(path, Kind, file =>
        {
            try
            {
                var manifest = JsonSerializer.Deserialize<PictureManifest>(file, s_json) ?? throw new AlexNetException("it holds only 'null'");
                OptionFaults.RequireNone(manifest.Split.ListFaults());
                if (manifest.Pictures.Contains(null!))
                    throw new AlexNetException("a picture is null");
                return manifest;
            }
            catch (Exception fault) when (fault is AlexNetException or JsonException or InvalidOperationException) // a text that is no Unicode
            {
                throw new AlexNetException($"{fault.Message.TrimEnd('.')}. Delete it, and all pictures count as new", fault);
            }
        });
    }

    /// <summary>Writes it, whole or not at all.</summary>
    /// <exception cref="AlexNetException">It cannot be written.</exception>
    public void Write(string path) => WholeFile.Write(path, file =>
    {
        JsonSerializer.Serialize(file, this, s_json);
        file.Write("\n"u8);
    });

    /// <summary>What is different now.</summary>
    /// <param name="pictures">Today's.</param>
    /// <param name="renamed">New names of classes by the old ones. Default: none.</param>
    public PictureChanges Compare(IReadOnlyList<GatePicture> pictures, IReadOnlyDictionary<string, string>? renamed = null)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var (before, now) = (ByFingerprint(this), pictures.ToLookup(picture => picture.Fingerprint.ToString()));
        var distinct = now.Select(copies => copies.First()).ToList();
        var stayed = distinct.Where(picture => before.Contains(picture.Fingerprint.ToString())).ToList();
        return new PictureChanges(
            [.. distinct.Where(picture => !before.Contains(picture.Fingerprint.ToString()))],
            [.. before.Where(copies => !now.Contains(copies.Key)).Select(copies => copies.First())],
            [.. stayed.Where(picture => IsOther(picture, one => one.Label, one => NameOf(one.Label)))],
            [.. stayed.Where(picture => IsOther(picture, one => one.Part, one => one.Part))]);

        string NameOf(string label) => renamed?.GetValueOrDefault(label) is { } name ? CanonicalForms.Compose(name) : label;

        bool IsOther(GatePicture picture, Func<GatePicture, string> today, Func<KnownPicture, string> then) =>
            !now[picture.Fingerprint.ToString()].Select(today).ToHashSet().SetEquals(before[picture.Fingerprint.ToString()].Select(then));
    }

    private static ILookup<string, KnownPicture> ByFingerprint(PictureManifest? manifest) =>
        (manifest?.Pictures ?? []).ToLookup(picture => picture.Fingerprint);
}
