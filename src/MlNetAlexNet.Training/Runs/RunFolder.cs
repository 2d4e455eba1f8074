using MlNetAlexNet.Images;
using MlNetAlexNet.Reports.Records;
using MlNetAlexNet.Training.Checkpoints;
using MlNetAlexNet.Training.Data;

namespace MlNetAlexNet.Training.Runs;

/// <summary>The folder a run writes, and the names in it.</summary>
/// <param name="Path">The folder.</param>
public sealed record RunFolder(string Path)
{
    /// <summary>The trained model, of Microsoft's own transformers.</summary>
    public string Model => File(OutputFolders.Model);

    /// <summary>
    /// The same network with its batch normalization, which <see cref="Model"/> has in other weights: what to train on. Only
    /// where there is any.
    /// </summary>
    public string UnfoldedModel => File("model-unfolded.onnx");

    /// <summary>The same model quantized to 8 bits, where that was asked for.</summary>
    public string QuantizedModel => File("model-int8.zip");

    /// <summary>Every option of the run.</summary>
    public string Options => File(OutputFolders.Options);

    /// <summary>A line an epoch.</summary>
    public string History => File(OutputFolders.History);

    /// <summary>Metrics of the test pictures.</summary>
    public string Metrics => File(RunRecords.MetricsName);

    /// <summary>What the model says of each test picture.</summary>
    public string Predictions => File(RunRecords.PredictionsName);

    /// <summary>What the run was: pictures, layers, environment.</summary>
    public string Description => File(RunRecords.DescriptionName);

    /// <summary>All of it to look at, in a browser.</summary>
    public string Report => File(RunRecords.ReportName);

    /// <summary>Confusion matrix of the test pictures.</summary>
    public string Confusion => File("confusion.txt");

    /// <summary>Folder of the checkpoints of a run that has not ended.</summary>
    public string Checkpoints => File(OutputFolders.Checkpoints);

    /// <summary>Whether there is a checkpoint now: the run was interrupted, or is under way.</summary>
    public bool HasCheckpoint => new CheckpointFolder(Checkpoints).HasAny;

    private IEnumerable<string> Files => [Model, UnfoldedModel, QuantizedModel, Options, History, Description, Metrics, Confusion, Predictions, Report];

    /// <summary>Checks that there is room before any work is done, here and in the folder for temporary files.</summary>
    /// <param name="model">Bytes of the network: the zip here, and its copy among the temporary files.</param>
    /// <param name="copies">Of the network here.</param>
    /// <exception cref="AlexNetException">A drive is too full.</exception>
    internal void RequireSpace(long model, int copies)
    {
        DiskSpace.Require(Path, copies * model, "choose another output folder");
        DiskSpace.Require(System.IO.Path.GetTempPath(), model, "set TMPDIR to a folder with more");
    }

    /// <summary>Whether an earlier run has left anything here.</summary>
    internal bool HasRun => Files.Any(System.IO.File.Exists);

    /// <summary>Deletes what an earlier run left beside its model, which is replaced already; others stay.</summary>
    /// <exception cref="AlexNetException">One cannot be deleted; the others are.</exception>
    internal void ClearAllButModel()
    {
        AlexNetException? first = null;
        foreach (var file in Files.Where(file => file != Model))
        {
            try
            {
                System.IO.File.Delete(file);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                first ??= new AlexNetException($"'{file}' cannot be deleted: {fault.Message}", fault);
            }
        }

        if (first is not null)
            throw first;
    }

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
