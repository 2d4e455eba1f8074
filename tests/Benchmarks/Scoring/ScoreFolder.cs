using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Benchmarks.Scoring;

/// <summary>JPEG files to labels, many of them.</summary>
internal static class ScoreFolder
{
    public static IEnumerable<Result> Run(Settings settings)
    {
        var paths = settings.Files("test");
        using var stock = new StockZip(settings.RequireModel());
        using var float32 = ImageClassifier.Load(settings.RequireModel());
        using var int8 = ImageClassifier.Load(settings.RequireInt8Model());
        return [.. Comparison.Run(
            "score-folder", "images/s", settings.Rounds,
            new("ML.NET Transform, float32", () => Rate(() => stock.Transform(paths).Count)),
            new("ImageClassifier, float32", () => Rate(() => float32.ClassifyMany(paths).Count()),
                Bar.AtLeast(withAvx512: 2.5, withAvx2: 1.7)),
            new("ImageClassifier, int8", () => Rate(() => int8.ClassifyMany(paths).Count()),
                Bar.AtLeast(withAvx512: 6, withAvx2: 3.5)),
            new("ImageClassifier, int8, ClassifyAsync", () => Rate(() => Gathered(int8, paths).Result)))];
    }

    internal static double Rate(Func<int> score)
    {
        var pictures = 0;
        var seconds = Comparison.Seconds(() => pictures = score());
        return pictures / seconds;
    }

    private static async Task<int> Gathered(ImageClassifier classifier, IEnumerable<string> paths) =>
        (await Task.WhenAll(paths.Select(path => classifier.ClassifyAsync(path)))).Length;
}
