using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MlNetAlexNet.Training.Checkpoints;
using MlNetAlexNet.Training.Trainers;

namespace MlNetAlexNet.Training.Runs;

/// <summary>The checkpoints of a run folder that is claimed, written and gone on from.</summary>
internal sealed class RunCheckpoints
{
    // Masters, two moments, the best weights.
    private const int Copies = 4;

    private readonly RunOptions _options;
    private readonly TrainingObservation _observation;
    private readonly CheckpointFolder _folder;
    private readonly bool _hasRun;
    private readonly Checkpoint? _resumed;

    /// <param name="options">Of the run.</param>
    /// <param name="folder">Of the run.</param>
    /// <param name="observation">Of the run.</param>
    /// <exception cref="AlexNetException">There is nothing to resume, or it had other options.</exception>
    public RunCheckpoints(RunOptions options, RunFolder folder, TrainingObservation observation)
    {
        (_options, _observation, _hasRun) = (options, observation, folder.HasRun);
        _folder = new CheckpointFolder(folder.Checkpoints, observation.BeforeFileStep);
        if (!options.Resume)
            return;

        _resumed = _folder.FindNewest((path, reason) => observation.Progress?.Report(new CheckpointDamaged(path, reason)));
        if (!options.AcceptChanges) // which are told with the others once the pictures are read
            Require(_resumed.Run.DifferInOptions(OptionsFile.ToJson(options)));
    }

    /// <summary>Whether the folder still holds an earlier run, which stays until this one has a model.</summary>
    public bool ReplacesRun => _resumed?.Run.ReplacesRun ?? _hasRun;

    /// <summary>Once the pictures are read and before any training: what writes them; null for none.</summary>
    /// <param name="start">Of the training.</param>
    /// <param name="pictures">Of the run.</param>
    /// <param name="engine">What computes it, as of <see cref="AlexNetTrainer.DescribeEngine"/>.</param>
    /// <exception cref="AlexNetException">The checkpoint to go on from is of other pictures, classes or weights.</exception>
    public CheckpointWriter? Open(
        StartingModel start, RunPictures pictures, IEnumerable<KeyValuePair<string, string>> engine)
    {
        // Those of another run could be taken for this one's.
        if (_resumed is null)
            DeleteAll();
        if (_resumed is null && _options.CheckpointMinutes is null)
            return null;

        var run = new RunFacts(
            OptionsFile.ToJson(_options),
            start.Model.Classes,
            new Dictionary<string, string>([.. pictures.Fingerprints, .. Network(start), .. engine, .. Beside()]),
            ReplacesRun);
        Require(_resumed?.Run.ListDifferences(run) ?? []);
        return new CheckpointWriter(
            _folder,
            run,
            _options.CheckpointMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
            Copies * sizeof(float) * start.Model.Plan.Parameters,
            _observation)
        {
            Resumed = _resumed,
        };
    }

    /// <summary>The run has ended, or another one begins: nothing is to be gone on with.</summary>
    public void DeleteAll()
    {
        try
        {
            _folder.DeleteAll();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException($"The checkpoints in '{_options.Output}' cannot be deleted: {fault.Message}", fault);
        }
    }

    private void Require(IEnumerable<string> differences)
    {
        if (differences.ToList() is not { Count: > 0 } all)
            return;

        if (!_options.AcceptChanges)
        {
            throw new AlexNetException(
                $"The checkpoint '{_resumed!.Path}' is of another training: {string.Join("; ", all)}. "
                + $"Resume with what it was begun with, or set {nameof(RunOptions.AcceptChanges)} to go on all the same.")
            {
                Option = nameof(RunOptions.AcceptChanges),
            };
        }

        _observation.Progress?.Report(new ChangesAccepted(all));
    }

    private static IEnumerable<KeyValuePair<string, string>> Network(StartingModel start)
    {
        var (plan, weights) = (start.Model.Plan, start.Model.Weights);
        yield return KeyValuePair.Create("network", Hash(hash => hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', plan.Select(planned => planned.Layer))))));
        if (start.FrozenLayers == 0)
            yield break; // the checkpoint has all that is learnt

        yield return KeyValuePair.Create("frozen weights", Hash(hash =>
        {
            foreach (var key in plan.Take(start.FrozenLayers).SelectMany(planned => planned.Weights.Select(planned.GetWeightName)))
                hash.AppendData(MemoryMarshal.AsBytes(weights[key].Values.AsSpan()));
        }));
    }

    // The processor rounds as it does.
    private IEnumerable<KeyValuePair<string, string>> Beside()
    {
        var processor = Processor.Describe();
        yield return KeyValuePair.Create("processor", $"{processor.Name} ({string.Join(", ", processor.InstructionSets)})");
        if (_options.Training.Teacher?.Model is { } teacher && !KnownTeacher.IsKnown(teacher))
            yield return KeyValuePair.Create("teacher", Hash(hash => hash.AppendData(SHA256.HashData(File.ReadAllBytes(teacher)))));
    }

    private static string Hash(Action<IncrementalHash> add)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        add(hash);
        return "hash " + Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
