using MlNetAlexNet.Images;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Benchmarks.Quantization;

/// <summary><c>accuracy</c>: the int8 zip against the float32 zip on the test pictures, both by <see cref="ImageClassifier"/>.</summary>
internal static class Accuracy
{
    public static IEnumerable<Result> Run(Settings settings)
    {
        var pictures = ImageFolder.ListLabeled(Path.Combine(settings.Pictures, "test"));
        var float32 = Predict(settings.RequireModel(), pictures);
        var int8 = Predict(settings.RequireInt8Model(), pictures);
        var (before, after) = (Top1(float32, pictures), Top1(int8, pictures));
        var agreement = float32.Zip(int8).Count(pair => pair.First == pair.Second) / (double)pictures.Count;
        yield return new Result(
            "accuracy", "int8, points lost", "float32", "% top-1", after, before, before - after, Bar.AtMost(0.5));
        yield return new Result(
            "accuracy", "int8, same class", "float32", "share", agreement, 1, agreement, Bar.AtLeast(0.99));
    }

    private static List<string> Predict(string zip, IReadOnlyList<LabeledImage> pictures)
    {
        using var classifier = ImageClassifier.Load(zip);
        return [.. classifier.ClassifyMany(pictures.Select(picture => picture.ImagePath)).Select(each => each.PredictedLabel)];
    }

    private static double Top1(List<string> predicted, IReadOnlyList<LabeledImage> pictures) =>
        100.0 * predicted.Zip(pictures).Count(pair => pair.First == pair.Second.Label) / pictures.Count;
}
