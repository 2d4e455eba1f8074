using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.ModelZips;

/// <summary>
/// What a file of another framework cannot hold of a model, in a file beside it: <c>model.keras.json</c> for
/// <c>model.keras</c>. What is not in it is null. All but <see cref="Format"/> may be missing.
/// </summary>
internal sealed record ModelSidecar
{
    private const string Marker = "MlNetAlexNet";
    private const string Version = $"{Marker} 1";
    private const long MostBytes = 64 << 20; // fingerprints of four million pictures and more

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>What tells it from any other JSON.</summary>
    public required string Format { get; init; }

    /// <summary>As in <see cref="ImagePreprocessing"/>.</summary>
    public int? ImageSize { get; init; }

    /// <summary>Side of the network's input, by which another network is told.</summary>
    public int? CropSize { get; init; }

    /// <summary>As in <see cref="ImagePreprocessing"/>.</summary>
    public ImageResizeMode? ResizeMode { get; init; }

    /// <summary>As in <see cref="ImagePreprocessing"/>; null for the middle.</summary>
    public ScoringViews? Views { get; init; }

    /// <summary>In which order the network of the file takes colours.</summary>
    public ChannelOrder? ChannelOrder { get; init; }

    /// <summary>Of values from 0 to 255, red first. Null beside a file that normalizes itself.</summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>Likewise.</summary>
    public IReadOnlyList<float>? StandardDeviation { get; init; }

    /// <summary>As in <see cref="ImagePreprocessing"/>: 32-bit floats, little-endian. Null where there is none.</summary>
    public byte[]? MeanImage { get; init; }

    /// <summary>In the order of the last layer's units.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>As in <see cref="TrainedModel"/>.</summary>
    public int? TopK { get; init; }

    /// <summary>As in <see cref="TrainedModel"/>: <see cref="PictureFingerprints.ToBytes"/>. Null where none are known.</summary>
    public byte[]? TrainedOn { get; init; }

    /// <summary>Likewise.</summary>
    public byte[]? ChosenBy { get; init; }

    /// <summary>
    /// The stack, as the configuration of a Keras model, beside weights alone. Null where Keras has no words for it.
    /// </summary>
    public JsonElement? Stack { get; init; }

    /// <summary>Where it is, for messages.</summary>
    [JsonIgnore]
    private string Place { get; init; } = "";

    /// <summary>Where it is for a model in that file.</summary>
    public static string PathOf(string model) => $"{model}.json";

    /// <summary>What is to be beside a file.</summary>
    /// <param name="content">What is in the file.</param>
    /// <param name="holdsStack">Whether the stack is, too.</param>
    public static ModelSidecar Of(ModelFileContent content, bool holdsStack)
    {
        var (model, pictures) = (content.Model, content.Model.Preprocessing);
        var normalizesItself = content.Normalization is not null;
        return new ModelSidecar
        {
            Format = Version,
            ImageSize = pictures.ImageSize,
            CropSize = pictures.CropSize,
            ResizeMode = pictures.ResizeMode,
            Views = pictures.Views == ScoringViews.Middle ? null : pictures.Views,
            ChannelOrder = Models.ChannelOrder.Rgb,
            Mean = normalizesItself ? null : pictures.Mean,
            StandardDeviation = normalizesItself ? null : pictures.StandardDeviation,
            MeanImage = pictures.MeanImage is { } image ? MemoryMarshal.AsBytes<float>([.. image]).ToArray() : null,
            Classes = model.Classes,
            TopK = model.TopK,
            TrainedOn = model.TrainedOn.Count > 0 ? model.TrainedOn.ToBytes() : null,
            ChosenBy = model.ChosenBy.Count > 0 ? model.ChosenBy.ToBytes() : null,
            Stack = holdsStack ? null : Write(model.Plan),
        };
    }

    /// <summary>What is beside a model; null if nothing is, or JSON of something else.</summary>
    /// <exception cref="AlexNetException">It is damaged, or says what cannot be; the message names it.</exception>
    public static ModelSidecar? Find(string model) => File.Exists(PathOf(model)) ? ReadAny(PathOf(model)) : null;

    /// <summary>Checks that a path is not that of one of these, which TensorFlow.js' models have names like.</summary>
    /// <exception cref="AlexNetException">It is.</exception>
    public static void RefuseAsModel(string path)
    {
        var ending = PathOf("");
        if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase) && File.Exists(path) && IsOne(path))
        {
            throw new AlexNetException(
                $"'{path}' is not a model, but what belongs beside one. Give the model: '{path[..^ending.Length]}'.");
        }
    }

    /// <summary>Checks that what stands at its place may be replaced: what is none of these is somebody else's.</summary>
    /// <exception cref="AlexNetException">It may not.</exception>
    public static void RequireReplaceable(string place)
    {
        if (Path.Exists(place) && !IsOne(place))
        {
            throw new AlexNetException(
                $"'{place}' exists and is something else than what belongs beside the model. Move it, or write to another place.");
        }
    }

    /// <summary>Reads weights of the stack here, and says whose stack it is where they do not fit.</summary>
    /// <exception cref="AlexNetException">They do not.</exception>
    public T Explain<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (AlexNetException fault)
        {
            throw new AlexNetException(
                $"{fault.Message} The stack is that of '{Place}'; give another, or delete that file.", fault)
            {
                Option = fault.Option,
            };
        }
    }

    /// <summary>A network with what this says of it, and the options with the rest of it, unless they say otherwise.</summary>
    /// <exception cref="AlexNetException">It is of another network.</exception>
    public (ModelFileContent File, ModelFileOptions Options) Complete(ModelFileContent file, ModelFileOptions options)
    {
        if (Classes is not null && Classes.Count != file.Plan.Output.Channels)
            throw OfAnother($"{Classes.Count} classes", $"{file.Plan.Output.Channels} outputs");
        if (CropSize is not null && CropSize != file.Plan.Input.Height)
            throw OfAnother($"an input of {CropSize} pixels", $"one of {file.Plan.Input.Height}");
        if (file.Normalization is { } layer && ((Mean ?? StandardDeviation) is not null || MeanImage is not null))
            throw OfAnother(MeanImage is null ? "mean and deviation" : "a mean image", $"a normalization in {layer.Source}");

        return (
            file with
            {
                Beside = Place,
                Classes = Classes,
                HoldsClasses = Classes is not null,
                TopK = TopK ?? file.TopK,
                TrainedOn = PictureFingerprints.Read(TrainedOn),
                ChosenBy = PictureFingerprints.Read(ChosenBy),
            },
            options with
            {
                Mean = options.Mean ?? Mean,
                MeanImage = options.Mean is null && MeanImage is { } image ? MemoryMarshal.Cast<byte, float>(image).ToArray() : null,
                StandardDeviation = options.StandardDeviation ?? StandardDeviation,
                ChannelOrder = options.ChannelOrder ?? ChannelOrder,
                ResizeMode = options.ResizeMode ?? ResizeMode,
                Views = options.Views ?? Views,
                ImageSize = options.ImageSize ?? ImageSize,
            });
    }

    /// <summary>
    /// Writes a model and this beside it. The earlier one goes before the new model is at its place, so that the two are
    /// never mixed; where the model cannot be written it comes back.
    /// </summary>
    /// <exception cref="AlexNetException">One of the two cannot be written.</exception>
    public void WriteBeside(string model, Action writeModel)
    {
        var place = PathOf(model);
        var json = JsonSerializer.Serialize(this, s_json);
        if (Encoding.UTF8.GetByteCount(json) > MostBytes)
            throw new AlexNetException($"'{place}' would have more than the {MostBytes} bytes that such a file can have. Write a model zip or ONNX.");

        var earlier = $"{place}.{Path.GetRandomFileName()}.tmp";
        try
        {
            WholeFile.Make(place, unfinished =>
            {
                File.WriteAllText(unfinished, json);
                if (File.Exists(place))
                    File.Move(place, earlier);
                try
                {
                    writeModel();
                }
                catch when (File.Exists(earlier))
                {
                    File.Move(earlier, place);
                    throw;
                }
            });
        }
        finally
        {
            File.Delete(earlier);
        }
    }

    private static JsonElement? Write(LayerPlan plan)
    {
        try
        {
            using var json = JsonDocument.Parse(KerasConfig.ToJson(plan));
            return json.RootElement.Clone();
        }
        catch (AlexNetException)
        {
            return null; // a layer that Keras lacks, such as response normalization
        }
    }

    private static bool IsOne(string place)
    {
        try
        {
            return ReadAny(place) is not null;
        }
        catch (AlexNetException)
        {
            return false;
        }
    }

    private static ModelSidecar? ReadAny(string place) => FileReading.Read(place, "what belongs to the model beside it", file =>
    {
        if (file.Length > MostBytes)
            throw new AlexNetException($"it has {file.Length} bytes; such a file has {MostBytes} at most.");

        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        try
        {
            using var json = JsonDocument.Parse(bytes);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("format", out var format)
                || format.ValueKind != JsonValueKind.String
                || !format.GetString()!.StartsWith(Marker, StringComparison.Ordinal))
            {
                return null;
            }

            if (format.GetString() != Version)
                throw new AlexNetException($"it is of '{format.GetString()}'; this version reads '{Version}'.");

            var read = json.Deserialize<ModelSidecar>(s_json)! with { Place = place };
            OptionFaults.RequireNone(read.ListFaults());
            if (read.Stack is { } stack)
                KerasConfig.Parse(stack.GetRawText());
            return read;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException) // a text that is no Unicode
        {
            throw new AlexNetException(fault.Message, fault);
        }
    });

    private IEnumerable<string> ListFaults() =>
    [
        .. new ModelFileOptions { Mean = Mean, StandardDeviation = StandardDeviation, ImageSize = ImageSize }.ListFaults(),
        .. Fault(MeanImage?.Length % sizeof(float) > 0, "MeanImage ends within a number."),
        .. Fault(TrainedOn?.Length % sizeof(ulong) > 0, "TrainedOn ends within a number."),
        .. Fault(ChosenBy?.Length % sizeof(ulong) > 0, "ChosenBy ends within a number."),
        .. Fault(TopK is < 1, $"TopK is {TopK}; it must be at least 1."),
        .. Fault(ImageSize < CropSize, $"CropSize is {CropSize}, more than the ImageSize of {ImageSize}."),
        .. Fault(Classes?.Any(string.IsNullOrEmpty) ?? false, "A class has no name."),
        .. Fault(Classes is not null && Classes.Distinct().Count() < Classes.Count, "Two classes have the same name."),
    ];

    private static IEnumerable<string> Fault(bool isThere, string fault) => isThere ? [fault] : [];

    private AlexNetException OfAnother(string here, string there) => new(
        $"'{Place}' says {here}, and the network beside it has {there}: it belongs to another. Delete it, or put the files "
        + "together that were written together.");
}
