using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Onnx.Own;

/// <summary>
/// The names in the graph that scores: of its ends, which ML.NET makes into columns of the same name, and of its parts.
/// A part of a part has a slash in its name, as <c>crop/starts</c> or the <c>conv2d_1/kernel</c> of a layer.
/// </summary>
internal static class OnnxNames
{
    /// <summary>Bytes of the pictures, batch x ImageSize x ImageSize x 3, where nobody calls them otherwise.</summary>
    public const string Pixels = "Pixels";

    /// <summary>Class probabilities, batch x classes.</summary>
    public const string Score = "Score";

    /// <summary>Names of the k most probable classes, best first, batch x k.</summary>
    public const string TopLabels = "TopLabels";

    /// <summary>Their probabilities, batch x k.</summary>
    public const string TopScores = "TopScores";

    /// <summary>Name of the most probable class, batch x 1.</summary>
    public const string BestLabel = "BestLabel";

    /// <summary>
    /// ML.NET takes the names of Score's slots from a node of this name (OnnxTransform.cs, <c>AddSlotNames</c>).
    /// </summary>
    public const string ScoreSlotNames = "mlnet.Score.SlotNames";

    public const string Crop = "crop";

    public const string CropStarts = "crop/starts";

    public const string CropEnds = "crop/ends";

    /// <summary>Of <see cref="OnnxViews"/>; no layer can be called <c>crop</c>.</summary>
    public const string Views = "crop/views";

    /// <summary>Likewise.</summary>
    public const string ScoreViews = "Score/views";

    public const string ChannelsFirst = "channels_first";

    /// <summary>Of networks of one channel alone.</summary>
    public const string Grey = "grey";

    public const string ToFloat = "to_float";

    public const string Centred = "centred";

    public const string Mean = "mean";

    /// <summary>In place of <see cref="Mean"/>.</summary>
    public const string MeanImage = "mean_image";

    /// <summary>The normalised pixels, which the first layer takes.</summary>
    public const string Normalised = "normalised";

    public const string StandardDeviation = "standard_deviation";

    public const string Top = "top";

    public const string TopCount = "top/k";

    public const string TopIndices = "top/indices";

    /// <summary>Those that no layer can be called by.</summary>
    public static readonly IReadOnlySet<string> Taken = new HashSet<string>
    {
        Pixels, Crop, ChannelsFirst, Grey, ToFloat, Centred, Mean, MeanImage, Normalised, StandardDeviation, Top,
        Score, TopLabels, TopScores, BestLabel, ScoreSlotNames,
    };

    /// <summary>The activation of a layer that has one, such as <c>conv2d_1/relu</c>; a softmax gives <see cref="Score"/>.</summary>
    public static string Activation(string layer, Activation activation) => activation == Layers.Activation.Softmax
        ? Score
        : $"{layer}/{activation.ToString().ToLowerInvariant()}";

    /// <summary>Whether the name is of a part of something else.</summary>
    public static bool IsOfAPart(string name) => name.Contains('/', StringComparison.Ordinal);
}
