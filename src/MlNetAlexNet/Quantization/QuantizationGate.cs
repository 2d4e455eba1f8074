using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Images;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Quantization;

/// <summary>Quantizes a model zip, and keeps the new one only if it is as good.</summary>
public static class QuantizationGate
{
    /// <summary>Calibrates on training pictures, compares both zips on the validation pictures, and writes the new one.</summary>
    /// <param name="options">How.</param>
    /// <param name="pictures">Pictures of the model's classes, some of them for validation.</param>
    /// <param name="progress">
    /// Receives a report for every validation picture of the float32 zip, every calibration picture, every
    /// layer, and every validation picture of the new zip.
    /// </param>
    /// <param name="cancellationToken">Ends the work; nothing is written then.</param>
    /// <exception cref="AlexNetException">
    /// The quantized model loses more than <see cref="QuantizationOptions.MaximumLoss"/> or agrees less than
    /// <see cref="QuantizationOptions.MinimumAgreement"/> by more than luck; the message says which and by how much. Or there are too
    /// few validation pictures to tell such a loss, or an
    /// option is out of range, or a zip or a picture cannot be used. Nothing is written then.
    /// </exception>
    public static QuantizationResult Quantize(
        QuantizationOptions options,
        ImageFolder pictures,
        IProgress<QuantizationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(pictures);
        Check(options, pictures);
        RequireEnough(pictures.Validation.Count);

        // First, since it shows whether the zip, the validation pictures and their classes can be used.
        var float32 = Score(options.Model, QuantizationStage.ScoringFloat32);
        RequireEnough(float32.Metrics.Pictures); // some may be left out
        QuantizationResult? result = null;
        WholeFile.Make(options.Output, candidate =>
        {
            var calibration = new CalibrationPictures(options, pictures.Train, progress);
            ModelQuantization.Quantize(options.Model, calibration.Decode, candidate, progress, cancellationToken);
            var int8 = Score(candidate, QuantizationStage.ScoringInt8);
            result = new QuantizationResult(
                options.Output,
                float32.Metrics,
                int8.Metrics,
                PairedComparison.Count(
                    [.. float32.Pictures.Select(picture => picture.Label)],
                    [.. float32.Pictures.Select(picture => picture.Predicted)],
                    [.. int8.Pictures.Select(picture => picture.Predicted)]),
                new FileInfo(options.Model).Length,
                new FileInfo(candidate).Length,
                [.. float32.LeftOut, .. calibration.LeftOut]);
            if (QuantizationVerdict.FindFault(options, result.Comparison) is { } fault)
                throw fault;
        });
        return result!;

        void RequireEnough(int validation)
        {
            if (QuantizationVerdict.FindTooFew(options, validation) is { } fault)
                throw fault;
        }

        EvaluationResult Score(string zip, QuantizationStage stage)
        {
            using var classifier = ImageClassifier.Load(zip, new ScoringOptions { MaximumPixels = options.MaximumPixels });
            return ModelEvaluation.Evaluate(
                classifier,
                pictures.Validation,
                options.SkipBadImages,
                new ProgressHandler<EvaluationProgress>(
                    scored => progress?.Report(new QuantizationProgress(stage, scored.Done, scored.Total))),
                cancellationToken);
        }
    }

    /// <summary>Checks all that can be told before any work is done.</summary>
    /// <exception cref="AlexNetException">An option is out of range, or there are no validation pictures.</exception>
    internal static void Check(QuantizationOptions options, ImageFolder pictures)
    {
        OptionFaults.RequireNone(options.ListFaults());
        if (Directory.Exists(options.Output))
            throw new AlexNetException($"The output '{options.Output}' is a folder; give the name of a zip.");

        if (pictures.Validation.Count == 0)
        {
            throw new AlexNetException(
                "There are no validation pictures to compare the two models on. Give a folder with a part called "
                + "validation, or one without parts, which is split.");
        }
    }
}
