using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Benchmarks.Scoring;

/// <summary>From a model zip on disk to the label of a first picture.</summary>
internal static class LoadZip
{
    public static IEnumerable<Result> Run(Settings settings)
    {
        var picture = settings.Files("test")[0];
        var (float32, int8) = (settings.RequireModel(), settings.RequireInt8Model());
        return Comparison.Run(
            "load", "s", settings.Rounds,
            new("ML.NET Load and PredictionEngine, float32", () => Stock(float32)),
            new("ML.NET Load and PredictionEngine, int8", () => Stock(int8)),
            new("ImageClassifier, float32", () => Ours(float32)),
            new("ImageClassifier, int8", () => Ours(int8), Bar.AtMost(1.0 / 8)));

        double Stock(string zip) => Comparison.Seconds(() =>
        {
            using var stock = new StockZip(zip);
            stock.Predict(picture);
        });

        double Ours(string zip) => Comparison.Seconds(() =>
        {
            using var classifier = ImageClassifier.Load(zip);
            classifier.Classify(picture);
        });
    }
}
