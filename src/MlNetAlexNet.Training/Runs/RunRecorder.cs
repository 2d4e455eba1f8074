namespace MlNetAlexNet.Training.Runs;

/// <summary>What a run writes beside its weights. It is not worth them: what cannot be written is told, each once, and the run goes on.</summary>
/// <param name="options">Of the run.</param>
/// <param name="folder">Of the run.</param>
/// <param name="progress">Is told.</param>
internal sealed class RunRecorder(RunOptions options, RunFolder folder, IProgress<TrainingProgress>? progress)
{
    private readonly List<EpochCompleted> _history = [];
    private readonly HashSet<string> _told = [];

    /// <summary>The epochs that ended.</summary>
    public IReadOnlyList<EpochCompleted> History => _history;

    /// <summary>Keeps the epochs.</summary>
    /// <param name="step">Of the training.</param>
    /// <param name="isWritten">Whether the folder is this run's yet.</param>
    public void Follow(TrainingProgress step, bool isWritten)
    {
        if (step is TrainingResumed resumed)
            _history.AddRange(resumed.History);

        if (step is not EpochCompleted epoch)
            return;

        _history.Add(epoch);
        if (isWritten)
            WriteHistory();
    }

    /// <summary>Writes the options and the epochs so far.</summary>
    public void WriteHistory() => Write("The history", () =>
    {
        OptionsFile.Write(options, folder.Options);
        HistoryFile.Write(_history, folder.History);
    });

    /// <summary>Writes something, or tells why not.</summary>
    /// <param name="what">Begins the sentence of what could not be written.</param>
    /// <param name="write">Does it.</param>
    public void Write(string what, Action write)
    {
        try
        {
            write();
        }
        catch (AlexNetException fault)
        {
            if (_told.Add(what))
                progress?.Report(new WritingFailed(what, fault.Message));
        }
    }
}
