using System.Text.Json;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Models;
using Onnx;

namespace MlNetAlexNet.Formats.Onnx.Own;

/// <summary>What a scoring graph says of itself beside its nodes, to be had without parsing them.</summary>
internal static class OnnxMetadata
{
    private const string Classes = "classes";
    private const string ResizeMode = "resize_mode";
    private const string Views = "views";
    private const string TrainedOn = "trained_on";
    private const string ChosenBy = "chosen_by";

    /// <summary>
    /// Notes the class names in the order of the scores, as a JSON array, how pictures become squares, and which ones were
    /// learnt and which validated, in base 64.
    /// </summary>
    public static void Write(ModelProto onnx, TrainedModel model)
    {
        Add(Classes, JsonSerializer.Serialize(model.Classes));
        Add(ResizeMode, model.Preprocessing.ResizeMode.ToString());
        AddPictures(TrainedOn, model.TrainedOn);
        AddPictures(ChosenBy, model.ChosenBy);

        void AddPictures(string key, PictureFingerprints pictures)
        {
            if (pictures.Count > 0)
                Add(key, Convert.ToBase64String(pictures.ToBytes()));
        }

        void Add(string key, string value) =>
            onnx.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    /// <summary>What a graph has noted.</summary>
    public static IReadOnlyDictionary<string, string> Read(ModelProto onnx) =>
        onnx.MetadataProps.GroupBy(entry => entry.Key).ToDictionary(entry => entry.Key, entry => entry.Last().Value);

    /// <summary>The class names; null where none are noted.</summary>
    public static IReadOnlyList<string>? ReadClasses(IReadOnlyDictionary<string, string> metadata) =>
        metadata.TryGetValue(Classes, out var json) ? JsonSerializer.Deserialize<string[]>(json) : null;

    /// <summary>How pictures become squares; the middle of them in graphs from before it was noted.</summary>
    /// <exception cref="AlexNetException">There is no such mode.</exception>
    public static ImageResizeMode ReadResizeMode(IReadOnlyDictionary<string, string> metadata) =>
        !metadata.TryGetValue(ResizeMode, out var text) ? ImageResizeMode.Crop
        : Enum.TryParse<ImageResizeMode>(text, out var mode) && Enum.IsDefined(mode) ? mode
        : throw new AlexNetException($"its network makes pictures squares in a way this version does not know: '{text}'");

    /// <summary>The views that the graph scores; the middle where none are noted.</summary>
    /// <exception cref="AlexNetException">There are no such views.</exception>
    public static ScoringViews ReadViews(IReadOnlyDictionary<string, string> metadata) =>
        !metadata.TryGetValue(Views, out var text) ? ScoringViews.Middle
        : Enum.TryParse<ScoringViews>(text, out var views) && Enum.IsDefined(views) ? views
        : throw new AlexNetException($"its network scores views of a picture that this version does not know: '{text}'");

    /// <summary>The pictures that were learnt; none where they are not noted.</summary>
    /// <exception cref="AlexNetException">It is no list of them.</exception>
    public static PictureFingerprints ReadTrainedOn(IReadOnlyDictionary<string, string> metadata) => ReadPictures(metadata, TrainedOn);

    /// <summary>Likewise those that were validated.</summary>
    /// <exception cref="AlexNetException">It is no list of them.</exception>
    public static PictureFingerprints ReadChosenBy(IReadOnlyDictionary<string, string> metadata) => ReadPictures(metadata, ChosenBy);

    private static PictureFingerprints ReadPictures(IReadOnlyDictionary<string, string> metadata, string key)
    {
        if (!metadata.TryGetValue(key, out var text))
            return PictureFingerprints.None;

        try
        {
            return PictureFingerprints.Read(Convert.FromBase64String(text));
        }
        catch (FormatException fault)
        {
            throw new AlexNetException($"the fingerprints of its pictures are damaged ({fault.Message.TrimEnd('.')})", fault);
        }
    }

    /// <summary>Notes the views, all but the middle alone, in place of those that are noted.</summary>
    public static void SetViews(ModelProto onnx, ScoringViews views) =>
        Set(onnx, Views, views == ScoringViews.Middle ? null : views.ToString());

    /// <summary>The bytes of a graph that notes that way of making squares; they themselves if they do.</summary>
    /// <param name="onnx">A whole graph; its weights are passed over.</param>
    /// <param name="mode">The way.</param>
    public static byte[] SetResizeMode(byte[] onnx, ImageResizeMode mode)
    {
        var split = new SplitOnnx(onnx);
        if (ReadResizeMode(Read(split.Small)) == mode)
            return onnx;

        Set(split.Small, ResizeMode, mode.ToString());
        var bytes = new MemoryStream(checked((int)split.Length));
        split.WriteTo(bytes, onnx);
        return bytes.GetBuffer();
    }

    /// <summary>Whether this library wrote a model.</summary>
    public static bool IsOwn(byte[] onnx) => new SplitOnnx(onnx).Small.ProducerName == OnnxExport.Producer;

    // In place of what is noted; null for nothing.
    private static void Set(ModelProto onnx, string key, string? value)
    {
        foreach (var entry in onnx.MetadataProps.Where(entry => entry.Key == key).ToArray())
            onnx.MetadataProps.Remove(entry);
        if (value is not null)
            onnx.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
    }
}
