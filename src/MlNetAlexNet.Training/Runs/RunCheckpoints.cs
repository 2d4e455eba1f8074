using System.Security.Cryptography;
using MlNetAlexNet.Training.Checkpoints;
using MlNetAlexNet.Training.Teachers;

namespace MlNetAlexNet.Training.Runs;

/// <summary>The checkpoints of a run folder, written and gone on from.</summary>
internal sealed class RunCheckpoints
{
    private readonly RunOptions _options;
    private readonly TrainingObservation _observation;
    private readonly CheckpointFolder _folder;
    private readonly Checkpoint? _resumed;

    /// <param name="options">Of the run.</param>
    /// <param name="folder">Of the run.</param>
    /// <param name="observation">Of the run.</param>
    /// <exception cref="AlexNetException">There is nothing to resume, or it had other options.</exception>
    public RunCheckpoints(RunOptions options, RunFolder folder, TrainingObservation observation)
    {
        (_options, _observation) = (options, observation);
        _folder = new CheckpointFolder(folder.Checkpoints, observation.BeforeFileStep);
        if (!options.Resume)
            return;

        _resumed = _folder.ReadNewest((path, reason) => observation.Progress?.Report(new CheckpointDamaged(path, reason)));
        Require(_resumed.Run.DifferInOptions(options));
    }

    /// <summary>Once the pictures are read: what writes them; null for none.</summary>
    /// <exception cref="AlexNetException">The checkpoint to go on from is of other pictures, classes or weights.</exception>
    public CheckpointWriter? Open(IReadOnlyList<string> classes, RunPictures pictures)
    {
        if (_resumed is null && _options.CheckpointMinutes is null)
            return null;

        var run = new RunFacts(OptionsFile.WithFullPaths(_options), classes, new Dictionary<string, string>([.. pictures.Fingerprints, .. Files()]));
        Require(_resumed?.Run.ListDifferences(run) ?? []);
        return new CheckpointWriter(
            _folder,
            run,
            _options.CheckpointMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
            _observation)
        {
            Resumed = _resumed,
        };
    }

    private void Require(IEnumerable<string> differences)
    {
        if (!_options.AcceptChanges && differences.ToList() is { Count: > 0 } all)
        {
            throw new AlexNetException(
                $"The checkpoint '{_resumed!.Path}' is of another training: {string.Join("; ", all)}. "
                + $"Resume with what it was begun with, or set {nameof(RunOptions.AcceptChanges)} to go on all the same.")
            {
                Option = nameof(RunOptions.AcceptChanges),
            };
        }
    }

    // What the run starts from and learns from, beside the pictures.
    private IEnumerable<KeyValuePair<string, string>> Files()
    {
        var teacher = _options.Training.Teacher?.Model;
        foreach (var (name, path) in new[]
        {
            ("initial weights", _options.Start.InitialWeights),
            ("stack", _options.Start.Stack),
            ("teacher", teacher is null || KnownTeacher.IsKnown(teacher) ? null : teacher),
        })
        {
            if (path is null || !File.Exists(path))
                continue; // a folder, of which the options say enough

            using var file = File.OpenRead(path);
            yield return KeyValuePair.Create(name, $"{Path.GetFileName(path)}, hash {Convert.ToHexStringLower(SHA256.HashData(file))[..16]}");
        }
    }
}
