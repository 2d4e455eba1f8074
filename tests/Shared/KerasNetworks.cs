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

    /// <summary>The network's name in a file's.</summary>
    public static string NameOf(string file) => file[..file.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>Four pictures, bytes of N x height x width x RGB.</summary>
    public static NpyFile Pictures(string file) =>
        NpyFile.Read(Expected.Keras(NameOf(file).EndsWith("same", StringComparison.Ordinal) ? "x98.npy" : "x99.npy"));

    /// <summary>What Keras gave for them.</summary>
    public static float[] Probabilities(string file) => NpyFile.Read(Expected.Keras($"{NameOf(file)}.y.npy")).Floats;

    /// <summary>The network got x / 255.</summary>
    public static ImagePreprocessing Preprocessing(int side) => new(side, [0, 0, 0], [255, 255, 255]) { ImageSize = side };
}
