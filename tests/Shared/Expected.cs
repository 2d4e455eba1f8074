namespace MlNetAlexNet.Tests;

/// <summary>Files of other frameworks with the results they must give; <c>tests/Goldens/README.md</c> says what made each.</summary>
internal static class Expected
{
    public static string Keras(string file) => Path.Combine(Goldens, "keras", file);

    public static string TensorFlowJs(string file) => Path.Combine(Goldens, "tensorflowjs", file);

    public static string Torch(string file) => Path.Combine(Goldens, "torch", file);

    public static string Onnx(string file) => Path.Combine(Goldens, "onnx", file);

    public static string PngSuite => Path.Combine(Goldens, "pngsuite");

    public static string Unicode => Path.Combine(Goldens, "unicode");

    public static string Orientation => Path.Combine(Goldens, "orientation");

    private static string Goldens => Path.Combine(Repository.Root, "tests", "Goldens");
}
