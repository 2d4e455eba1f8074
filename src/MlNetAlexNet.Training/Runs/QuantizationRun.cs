using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Images;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Training.Runs;

/// <summary>Quantizes a model zip, and keeps the new one only if it is as good.</summary>
public static class QuantizationRun
{
    /// <summary>Calibrates on training pictures, compares both zips on the validation pictures, and writes the new one.</summary>
    /// <param name="options">How.</param>
    /// <param name="pictures">Pictures of the model's classes, some of them for validation.</param>
    /// <param name="progress">Receives a <see cref="PictureScored"/> for every validation picture, of one zip after the other.</param>
    /// <param name="cancellationToken">Ends the work; nothing is written then.</param>
    /// <exception cref="AlexNetException">
    /// The quantized model loses more than <see cref="QuantizationOptions.MaximumLoss"/>, an option is out of range, a
    /// zip or a picture cannot be used. Nothing is written then.
    /// </exception>
    public static QuantizationResult Execute(
        QuantizationOptions options,
        ImageFolder pictures,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(pictures);
        Check(options, pictures);
        var candidate = $"{options.Output}.{Path.GetRandomFileName()}.tmp";
        try
        {
            ModelQuantization.Quantize(
                options.Model, CalibrationPixels(options, pictures, cancellationToken), candidate, cancellationToken);
            var result = Compare(options, candidate, pictures.Validation, progress, cancellationToken);
            if (result.Loss > options.MaximumLoss)
                throw new AlexNetException(Refusal(options, result));

            File.Move(candidate, options.Output, overwrite: true);
            return result;
        }
        finally
        {
            File.Delete(candidate);
        }
    }

    private static void Check(QuantizationOptions options, ImageFolder pictures)
    {
        if (options.CalibrationPictures < 1)
            throw new AlexNetException($"CalibrationPictures is {options.CalibrationPictures}; it must be at least 1.");

        if (options.MaximumLoss is not (>= 0 and <= 100))
        {
            throw new AlexNetException(FormattableString.Invariant(
                $"MaximumLoss is {options.MaximumLoss} points; it must be between 0 and 100."));
        }

        if (Path.GetFullPath(options.Output) == Path.GetFullPath(options.Model))
            throw new AlexNetException($"'{options.Output}' is the zip to quantize; write to another one.");

        if (Directory.Exists(options.Output))
            throw new AlexNetException($"The output '{options.Output}' is a folder; give the name of a zip.");

        if (pictures.Validation.Count == 0)
        {
            throw new AlexNetException(
                "There are no validation pictures to compare the two models on. Give a folder with a part called "
                + "validation, or one without parts, which is split.");
        }
    }

    private static IEnumerable<byte[]> CalibrationPixels(
        QuantizationOptions options, ImageFolder pictures, CancellationToken cancellationToken)
    {
        var ml = new MLContext(options.Seed);
        var train = pictures.Train.ToArray();
        new Random(options.Seed).Shuffle(train);
        train = [.. train.Take(options.CalibrationPictures)];
        DecodablePictures.Require(train, cancellationToken);
        var chosen = ml.Data.LoadFromEnumerable(train);
        var size = ModelZip.Read(options.Model).Preprocessing.ImageSize;
        return ml.Transforms.LoadPixels(size).Fit(chosen).Transform(chosen).GetColumn<byte[]>("Pixels");
    }

    private static QuantizationResult Compare(
        QuantizationOptions options,
        string candidate,
        IReadOnlyList<LabeledImage> pictures,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        var (float32, best) = Score(options.Model, pictures, progress, cancellationToken);
        var (int8, quantizedBest) = Score(candidate, pictures, progress, cancellationToken);
        return new QuantizationResult(
            options.Output,
            float32,
            int8,
            best.Zip(quantizedBest).Count(pair => pair.First == pair.Second) / (double)pictures.Count,
            new FileInfo(options.Model).Length,
            new FileInfo(candidate).Length);
    }

    private static (Metrics Metrics, List<string> Best) Score(
        string zip, IReadOnlyList<LabeledImage> pictures, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var best = new List<string>();
        using var classifier = ImageClassifier.Load(zip);
        var metrics = Evaluation.Run(
            classifier, pictures, each => best.Add(each.PredictedLabel), progress, cancellationToken);
        return (metrics, best);
    }

    private static string Refusal(QuantizationOptions options, QuantizationResult result) => FormattableString.Invariant(
        $"Quantized, the model is right on {result.Int8.Top1:0.0%} of {result.Int8.Pictures} validation pictures instead of ")
        + FormattableString.Invariant($"{result.Float32.Top1:0.0%}: it loses {result.Loss:0.0} points, more than the ")
        + FormattableString.Invariant($"{options.MaximumLoss:0.0###} allowed, so '{options.Output}' is not written. ")
        + "Use the float32 zip, calibrate with more pictures, or allow a larger loss.";
}
