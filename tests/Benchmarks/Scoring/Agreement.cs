using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Benchmarks.Scoring;

/// <summary>Share of pictures of which the classifier, with its own decoding, says what ML.NET says with the zip.</summary>
internal static class Agreement
{
    public static IEnumerable<Result> Run(Settings settings)
    {
        var paths = settings.Files("test");
        using var stock = new StockZip(settings.RequireModel());
        using var classifier = ImageClassifier.Load(settings.RequireModel());
        return [.. Comparison.Run(
            "agreement", "%", rounds: 1,
            new("all pictures", () => 100),
            new Contender("same label, float32", Same, Bar.AtLeast(0.985)))];

        double Same() => 100.0 / paths.Count * stock.Transform(paths)
            .Zip(classifier.ClassifyMany(paths), (label, prediction) => label == prediction.PredictedLabel)
            .Count(same => same);
    }
}
