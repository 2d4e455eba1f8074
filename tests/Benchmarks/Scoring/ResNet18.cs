using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetAlexNet.Images;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Benchmarks.Scoring;

/// <summary>
/// <c>resnet18</c>: JPEG files to labels, against what an ML.NET user would pick instead: the pretrained ResNet18 of the package
/// Microsoft.ML.DnnImageFeaturizer.ResNet18 with a linear classifier on its features, fitted on the training pictures. The share
/// of the test pictures that each has right stands beside it.
/// </summary>
internal static class ResNet18
{
    // Of the pixels that the featurizer's own preparation takes (ML.NET's documentation of DnnFeaturizeImage).
    private const int Side = 224;

    public static IEnumerable<Result> Run(Settings settings)
    {
        var pictures = ImageFolder.ListLabeled(Path.Combine(settings.Pictures, "test"));
        string[] paths = [.. pictures.Select(picture => picture.ImagePath)];
        var (ml, model) = Fit(ImageFolder.ListLabeled(Path.Combine(settings.Pictures, "train")));
        using var owned = model as IDisposable;
        using var float32 = ImageClassifier.Load(settings.RequireModel());
        using var int8 = ImageClassifier.Load(settings.RequireInt8Model());
        const string Baseline = "ML.NET ResNet18 features, LbfgsMaximumEntropy";
        foreach (var result in Comparison.Run(
            "resnet18", "images/s", settings.Rounds,
            new(Baseline, () => ScoreFolder.Rate(() => Predict(ml, model, pictures).Count)),
            new("ImageClassifier, float32", () => ScoreFolder.Rate(() => float32.ClassifyMany(paths).Count())),
            new("ImageClassifier, int8", () => ScoreFolder.Rate(() => int8.ClassifyMany(paths).Count()), Bar.AtLeast(9))))
        {
            yield return result;
        }

        var baseline = Top1(Predict(ml, model, pictures));
        foreach (var (name, classifier) in new[] { ("float32", float32), ("int8", int8) })
        {
            var top1 = Top1([.. classifier.ClassifyMany(paths).Select(prediction => prediction.PredictedLabel)]);
            yield return new Result(
                "resnet18-accuracy", $"ImageClassifier, {name}", Baseline, "% top-1", top1, baseline, top1 / baseline, Bar: null);
        }

        double Top1(IReadOnlyList<string> predicted) =>
            100.0 * predicted.Zip(pictures).Count(pair => pair.First == pair.Second.Label) / pictures.Count;
    }

    // As ML.NET's documentation writes it.
    private static (MLContext Ml, ITransformer Model) Fit(IReadOnlyList<LabeledImage> pictures)
    {
        var ml = new MLContext(seed: 1);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Image", imageFolder: null, nameof(LabeledImage.ImagePath)))
            .Append(ml.Transforms.ResizeImages("Image", Side, Side, resizing: ImageResizingEstimator.ResizingKind.IsoCrop))
            .Append(ml.Transforms.ExtractPixels("Pixels", "Image"))
            .Append(ml.Transforms.DnnFeaturizeImage(
                "Features",
                model => model.ModelSelector.ResNet18(ml, model.OutputColumn, model.InputColumn),
                "Pixels"))
            .AppendCacheCheckpoint(ml)
            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy())
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        return (ml, pipeline.Fit(ml.Data.LoadFromEnumerable(pictures)));
    }

    private static IReadOnlyList<string> Predict(MLContext ml, ITransformer model, IReadOnlyList<LabeledImage> pictures) =>
        [.. model.Transform(ml.Data.LoadFromEnumerable(pictures)).GetColumn<string>("PredictedLabel")];
}
