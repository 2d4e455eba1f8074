using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests;

/// <summary>The networks that Keras saved, the pictures it was shown, and the probabilities it gave.</summary>
internal static class KerasNetworks
{
    private static readonly string[] s_variants = ["plain", "dropout", "relu_layers", "functional", "zeropad", "same"];

    /// <summary>Such as <c>keras2-plain</c>.</summary>
    public static IEnumerable<string> Names =>
        from keras in (string[])["keras2", "keras3"] from variant in s_variants select $"{keras}-{variant}";

    /// <summary>Every saved file of a network; those of weights alone end in <c>.weights.h5</c>.</summary>
    public static IEnumerable<string> Files => Names.SelectMany(name =>
        new[] { ".h5", ".weights.h5", ".keras" }.Select(ending => name + ending))
        .Where(file => !(file.StartsWith("keras2", StringComparison.Ordinal) && file.EndsWith(".keras", StringComparison.Ordinal)));

    /// <summary>Files of networks with layers that have no equal here and become others.</summary>
    public static IEnumerable<string> FilesOfOtherLayers =>
    [
        "keras2-softmax_layer.h5", "keras2-softmax_layer.weights.h5",
        "keras3-softmax_layer.h5", "keras3-softmax_layer.weights.h5", "keras3-softmax_layer.keras",
        "keras2-global_average.h5", "keras2-global_average.weights.h5",
        "keras3-global_average.h5", "keras3-global_average.weights.h5", "keras3-global_average.keras",
        "keras2-bn_before_relu.h5", "keras3-bn_before_relu.h5", "keras3-bn_before_relu.keras",
    ];

    /// <summary>The network's name in a file's.</summary>
    public static string NameOf(string file) => file[..file.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>Four pictures, bytes of N x height x width x RGB.</summary>
    public static NpyFile Pictures(string file) => NpyFile.Read(Expected.Keras(NameOf(file).Split('-')[1] switch
    {
        "same" => "x98.npy",
        "softmax_layer" or "global_average" or "bn_before_relu" => "x99b.npy",
        _ => "x99.npy",
    }));

    /// <summary>What Keras gave for them.</summary>
    public static float[] Probabilities(string file) => NpyFile.Read(Expected.Keras($"{NameOf(file)}.y.npy")).Floats;

    /// <summary>The network got x / 255.</summary>
    public static ImagePreprocessing Preprocessing(int side) => new(side, [0, 0, 0], [255, 255, 255]) { ImageSize = side };
}
