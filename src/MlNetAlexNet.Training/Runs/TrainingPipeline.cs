using Microsoft.ML;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Runs;

/// <summary>The ML.NET pipeline of a run: label to key, picture to pixels, the network, prediction to name.</summary>
internal static class TrainingPipeline
{
    private sealed record ClassName(string Label);

    /// <summary>Fits the pipeline on the training pictures; those for validation choose the best epoch.</summary>
    public static ITransformer Fit(MLContext ml, TrainingOptions options, ImageFolder pictures)
    {
        var train = ml.Data.LoadFromEnumerable(pictures.Train);
        var classes = ml.Data.LoadFromEnumerable(pictures.Classes.Select(name => new ClassName(name)));
        var pixels = ml.Transforms.Conversion.MapValueToKey("Label", keyData: classes)
            .Append(ml.Transforms.LoadPixels(ImagePreprocessing.DefaultImageSize))
            .Fit(train);

        // An estimator chain takes one data set, so its three parts are fitted one by one and joined.
        var network = ml.MulticlassClassification.Trainers.AlexNet(options).Fit(
            pixels.Transform(train),
            pictures.Validation.Count == 0 ? null : pixels.Transform(ml.Data.LoadFromEnumerable(pictures.Validation)));
        var scoring = pixels.Append(network);
        var names = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scoring.Transform(train));
        return scoring.Append(names);
    }

    /// <summary>The columns an app gives the model: <c>ImagePath</c> and <c>Label</c>.</summary>
    public static DataViewSchema InputSchema(MLContext ml) => ml.Data.LoadFromEnumerable<LabeledImage>([]).Schema;
}
