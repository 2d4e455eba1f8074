using MlNetAlexNet.Formats;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests;

/// <summary>The networks that Keras saved, the pictures it was shown, and what it gave for them.</summary>
internal static class KerasNetworks
{
    private static readonly string[] s_variants = ["plain", "dropout", "relu_layers", "functional", "zeropad", "same"];

    private static readonly string[] s_others =
    [
        "bn_after_relu", "bn_after_pool", "bn_before_relu", "public", "leaky", "global_average", "softmax_layer",
        "logits", "binary", "custom_lrn", "rescaling", "augment", "normalization", "nested",
    ];

    /// <summary>Such as <c>keras2-plain</c>.</summary>
    public static IEnumerable<string> Names => NamesOf(s_variants);

    /// <summary>With the networks of <see cref="FilesOfOthers"/>.</summary>
    public static IEnumerable<string> AllNames => NamesOf([.. s_variants, .. s_others]);

    /// <summary>Every saved file of a network; those of weights alone end in <c>.weights.h5</c>.</summary>
    public static IEnumerable<string> Files => FilesOf(Names);

    /// <summary>
    /// Those of networks of other layers, layers before the network, models inside the model, other ends.
    /// </summary>
    public static IEnumerable<string> FilesOfOthers => FilesOf(NamesOf(s_others));

    /// <summary>What the class of the user's own computes in the networks that have one.</summary>
    public static IReadOnlyDictionary<string, Layer> CustomLayers { get; } = new Dictionary<string, Layer>
    {
        ["LRN"] = new LocalResponseNormalization(size: 5, alpha: 1e-4, beta: 0.75, k: 1),
    };

    /// <summary>The network's name in a file's.</summary>
    public static string NameOf(string file) => file[..file.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>Four pictures, bytes of N x height x width x RGB.</summary>
    public static NpyFile Pictures(string file) => NpyFile.Read(Expected.Keras(NameOf(file).Split('-')[1] switch
    {
        "same" => "x98.npy",
        var variant => s_others.Contains(variant) ? "x99b.npy" : "x99.npy",
    }));

    /// <summary>What Keras gave for them.</summary>
    public static float[] Outputs(string file) => NpyFile.Read(Expected.Keras($"{NameOf(file)}.y.npy")).Floats;

    /// <summary>The network got x / 255, or what its own layers make of x.</summary>
    public static ImagePreprocessing Preprocessing(LayerPlan plan, ValueNormalization? normalization = null) => new(
        plan.Input.Height, normalization?.Mean ?? [0, 0, 0], normalization?.StandardDeviation ?? [255, 255, 255])
    {
        ImageSize = plan.Input.Height,
    };

    private static IEnumerable<string> NamesOf(string[] variants) =>
        from keras in (string[])["keras2", "keras3"] from variant in variants select $"{keras}-{variant}";

    private static IEnumerable<string> FilesOf(IEnumerable<string> names) =>
        from name in names
        from ending in (string[])[".h5", ".weights.h5", ".keras"]
        where File.Exists(Expected.Keras(name + ending)) // no .keras of Keras 2
        select name + ending;
}
