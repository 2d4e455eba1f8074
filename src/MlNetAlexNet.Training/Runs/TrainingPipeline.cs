using Microsoft.ML;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Training.Runs;

/// <summary>The ML.NET pipeline of a run: label to key, picture to pixels, the network, prediction to name.</summary>
internal static class TrainingPipeline
{
    private sealed record ClassName(string Label);

    /// <summary>
    /// Fits the pipeline on the training pictures; those for validation choose the best epoch. The network takes the
    /// pixels as its stages made them, from the cache.
    /// </summary>
    public static ITransformer Fit(MLContext ml, TrainingOptions options, RunPictures pictures)
    {
        var train = ml.Data.LoadFromEnumerable(pictures.Folder.Train);
        var classes = ml.Data.LoadFromEnumerable(pictures.Folder.Classes.Select(name => new ClassName(name)));
        var pixels = ml.Transforms.Conversion.MapValueToKey("Label", keyData: classes)
            .Append(ml.Transforms.LoadPixels(ImagePreprocessing.DefaultImageSize))
            .Fit(train);

        var result = ml.MulticlassClassification.Trainers.AlexNet(options)
            .Train(pictures.Folder.Classes, pictures.Train, pictures.Validation);
        var scoring = pixels.Append(ScoringChain.Create(ml, result.Model, options.PixelsColumnName));
        var names = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scoring.Transform(train));
        return scoring.Append(names);
    }

    /// <summary>The columns an app gives the model: <c>ImagePath</c> and <c>Label</c>.</summary>
    public static DataViewSchema InputSchema(MLContext ml) => ml.Data.LoadFromEnumerable<LabeledImage>([]).Schema;
}
