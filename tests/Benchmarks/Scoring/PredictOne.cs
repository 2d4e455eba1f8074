using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Benchmarks.Scoring;

/// <summary>JPEG files to labels, one after the other.</summary>
internal static class PredictOne
{
    private const int Pictures = 100;

    public static IEnumerable<Result> Run(Settings settings)
    {
        string[] paths = [.. settings.Files("test").Take(Pictures)];
        using var float32 = new StockZip(settings.RequireModel());
        using var int8 = new StockZip(settings.RequireInt8Model());
        using var ourFloat32 = ImageClassifier.Load(settings.RequireModel());
        using var ourInt8 = ImageClassifier.Load(settings.RequireInt8Model());
        return [.. Comparison.Run(
            "predict-one", "images/s", settings.Rounds,
            new("PredictionEngine, float32", () => Rate(float32.Predict)),
            new("PredictionEngine, int8", () => Rate(int8.Predict), Bar.AtLeast(withAvx512: 2.5, withAvx2: 1.8)),
            new("ImageClassifier, float32", () => Rate(path => ourFloat32.Classify(path).PredictedLabel)),
            new("ImageClassifier, int8", () => Rate(path => ourInt8.Classify(path).PredictedLabel),
                Bar.AtLeast(withAvx512: 3, withAvx2: 2)))];

        double Rate(Func<string, string> predict) => ScoreFolder.Rate(() => paths.Select(predict).Count());
    }
}
