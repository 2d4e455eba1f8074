namespace MlNetAlexNet.Benchmarks.Scoring;

/// <summary>Megabytes of the two zips.</summary>
internal static class ZipSize
{
    public static IEnumerable<Result> Run(Settings settings) => Comparison.Run(
        "size", "MB", rounds: 1,
        new("float32 zip", () => Megabytes(settings.RequireModel())),
        new Contender("int8 zip", () => Megabytes(settings.RequireInt8Model()), Bar.AtMost(0.3)));

    private static double Megabytes(string path) => new FileInfo(path).Length / 1e6;
}
