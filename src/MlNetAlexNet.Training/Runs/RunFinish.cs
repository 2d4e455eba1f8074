using System.Runtime.ExceptionServices;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Reports;
using MlNetAlexNet.Reports.Records;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Training.Runs;

/// <summary>What comes after the training of a run: its model is saved, tested as it was saved, reported and quantized.</summary>
/// <param name="options">Of the run.</param>
/// <param name="folder">Of the run.</param>
/// <param name="observation">Of the run.</param>
/// <param name="pictures">Of the run.</param>
/// <param name="records">Of the run.</param>
internal sealed class RunFinish(
    RunOptions options, RunFolder folder, TrainingObservation observation, RunPictures pictures, RunRecorder records)
{
    private readonly IProgress<TrainingProgress>? _progress = observation.Progress;

    /// <summary>Does all of it.</summary>
    /// <param name="trained">What the training came to.</param>
    /// <param name="started">When the run began.</param>
    /// <param name="elapsed">Gives what it took so far.</param>
    /// <param name="checkpoints">Of the run; deleted where there is nothing to go on with.</param>
    public RunResult Finish(TrainingResult trained, DateTimeOffset started, Func<TimeSpan> elapsed, RunCheckpoints checkpoints)
    {
        var cancelled = observation.CancellationToken.IsCancellationRequested;
        trained = trained with
        {
            Model = trained.Model with
            {
                TrainedOn = trained.Model.TrainedOn.Union(pictures.TrainedOn),
                ChosenBy = trained.Model.ChosenBy.Union(pictures.ChosenBy),
            },
        };
        var (place, elsewhere) = Save(trained.Model, folder.Model);
        records.Write("What an earlier run left", folder.ClearAllButModel);
        records.WriteHistory();
        _progress?.Report(new ModelSaved(place));

        // Once cancelled the training has ended well; what follows is not to be cancelled by the same signal.
        var cancel = cancelled ? CancellationToken.None : observation.CancellationToken;
        var result = new RunResult(folder, records.History, cancelled, HasModel: true, Metrics: null, Fault: FaultOf(trained) ?? elsewhere)
        {
            Model = place,
        };
        try
        {
            var provenance = RunProvenance.Describe(options, trained);
            if (trained.Model.Plan.Any(planned => planned.Layer is Layers.BatchNormalization))
                records.Write("The network with its normalization", () => OnnxFile.WriteUnfolded(trained.Model, folder.UnfoldedModel));
            records.Write("The description of the run", () => DescriptionFile.Write(
                started, elapsed(), provenance, trained, pictures, folder, cancel));
            try
            {
                if (pictures.Folder.Test.Count > 0)
                    result = result with { Metrics = Test(place, provenance, cancel) };
            }
            finally
            {
                if (!cancel.IsCancellationRequested)
                {
                    records.Write("The report", () =>
                    {
                        RunReport.Write(folder.Path, cancel);
                        result = result with { HasReport = true };
                    });
                }
            }

            if (options.Quantize && result.Fault is null)
                result = result with { Quantized = Quantize(cancel) };
            if (!cancelled && trained.Fault is null)
                checkpoints.DeleteAll(); // there is nothing to go on with

            // A defect of this library keeps its trace; the weights are safe.
            if (trained.Fault is { } defect and not AlexNetException)
                ExceptionDispatchInfo.Throw(defect);
            return result;
        }
        catch (OperationCanceledException)
        {
            return result with { IsCancelled = true };
        }
        catch (AlexNetException fault)
        {
            return result with { Fault = result.Fault ?? fault };
        }
    }

    // Hours of training are not lost for a drive that has become full: the model is written elsewhere then, and that is said.
    private static (string Place, AlexNetException? Fault) Save(TrainedModel model, string path)
    {
        try
        {
            ModelFile.Write(model, path);
            return (path, null);
        }
        catch (AlexNetException fault)
        {
            var other = Path.Combine(Path.GetTempPath(), $"alexnet-{Path.GetFileNameWithoutExtension(Path.GetRandomFileName())}.zip");
            ModelFile.Write(model, other);
            return (other, new AlexNetException($"{fault.Message} The trained model is in '{other}' instead.", fault));
        }
    }

    private static AlexNetException? FaultOf(TrainingResult trained) => trained.Fault is AlexNetException fault
        ? new(FormattableString.Invariant($"{fault.Message} The best weights so far, of epoch {trained.BestEpoch}, are kept."), fault)
        {
            Option = fault.Option,
        }
        : null;

    private Metrics Test(string model, RunProvenance provenance, CancellationToken cancel)
    {
        using var classifier = ImageClassifier.Load(model, new ScoringOptions { MaximumPixels = options.MaximumPixels });
        var evaluation = ModelEvaluation.Evaluate(
            classifier,
            pictures.Folder.Test,
            skipBadImages: false,
            new ProgressHandler<EvaluationProgress>(at => _progress?.Report(new ModelTesting(at))),
            cancel);
        records.Write("The metrics", () => MetricsFile.Write(evaluation, provenance, folder));
        records.Write("The predictions", () => PredictionsFile.Write(evaluation.Pictures, folder.Predictions));
        return evaluation.Metrics;
    }

    private QuantizationResult Quantize(CancellationToken cancel) => QuantizationGate.Quantize(
        options.Quantization,
        pictures.Folder,
        new ProgressHandler<QuantizationProgress>(at => _progress?.Report(new ModelQuantizing(at))),
        cancel);
}
