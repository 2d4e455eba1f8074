using System.Globalization;
using System.Text.RegularExpressions;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Formats.Safetensors;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Training.Checkpoints;

/// <summary>
/// The checkpoints of one run: <c>00000120.json</c> is that after 120 steps, <c>00000120.safetensors</c> its tensors, and
/// <c>best-0003.safetensors</c> the weights of the third epoch, which all checkpoints name for which it is the best.
/// </summary>
/// <param name="path">The folder; it need not be there.</param>
/// <param name="beforeStep">As of <see cref="DurableFiles"/>.</param>
internal sealed partial class CheckpointFolder(string path, Action<string>? beforeStep = null)
{
    /// <summary>Checkpoints kept: the newest, and one should that be damaged.</summary>
    public const int Kept = 2;

    private const string Ending = ".json";

    private readonly DurableFiles _files = new(path, beforeStep);
    private readonly List<(string Name, CheckpointManifest Manifest)> _own = []; // oldest first

    /// <summary>Whether there is any.</summary>
    public bool HasAny => Manifests().Count > 0;

    /// <summary>Writes one and deletes what is older than the one before it, and what other runs have left.</summary>
    /// <exception cref="IOException">It cannot be written; those before are as they were.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Write(RunFacts run, TrainingSnapshot snapshot)
    {
        _files.DeleteUnfinished();
        var written = new List<string>();
        try
        {
            var number = snapshot.Position.Step.ToString("D8", CultureInfo.InvariantCulture);
            var state = WriteTensors($"{number}.safetensors", snapshot.Tensors);
            var best = snapshot.Best is null ? null : FindBest(snapshot) ?? WriteTensors(NameBest(snapshot), snapshot.Best);
            var manifest = new CheckpointManifest(CheckpointManifest.CurrentVersion, run, snapshot.Position, state, best);
            Write(number + Ending, manifest.Write);
            _own.RemoveAll(one => one.Name == number + Ending);
            _own.Add((number + Ending, manifest));
        }
        catch
        {
            // A full drive has no room for what is not whole.
            foreach (var name in written.Except(OwnFiles()))
                _files.Delete(name);
            _files.DeleteFolderIfEmpty();
            throw;
        }

        Prune();

        FileRecord WriteTensors(string name, IEnumerable<KeyValuePair<string, Weight>> tensors) => Write(name, file =>
            SafetensorsWriter.Write(file, [.. tensors.Select(tensor => WrittenTensor.Of(tensor.Key, tensor.Value))]));

        FileRecord Write(string name, Action<Stream> write)
        {
            var record = _files.Write(name, write);
            written.Add(name);
            return record;
        }
    }

    /// <summary>The newest that is whole.</summary>
    /// <param name="damaged">Receives the path of each newer one and why it is not used.</param>
    /// <exception cref="AlexNetException">There is none, or it cannot be read, or is of a newer program.</exception>
    public Checkpoint FindNewest(Action<string, string>? damaged = null)
    {
        var last = "";
        foreach (var name in Manifests())
        {
            try
            {
                var manifest = ReadWhole(name);
                _own.Clear();
                _own.Add((name, manifest));
                return new Checkpoint(_files.PathOf(name), manifest.Run, manifest.Position, () => Load(manifest));
            }
            catch (Exception fault) when (fault is AlexNetException or FileNotFoundException)
            {
                last = $" '{_files.PathOf(name)}' is damaged: {fault.Message.TrimEnd('.')}.";
                damaged?.Invoke(_files.PathOf(name), fault.Message.TrimEnd('.'));
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new AlexNetException($"The checkpoint '{_files.PathOf(name)}' cannot be read: {fault.Message}", fault);
            }
        }

        throw new AlexNetException($"There is no checkpoint in '{path}' to go on from: a run that has ended keeps none.{last}");
    }

    /// <summary>Deletes all of them.</summary>
    /// <exception cref="IOException">One cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void DeleteAll()
    {
        _own.Clear();
        Prune();
        _files.DeleteFolderIfEmpty();
    }

    // Each file is hashed, so that what is damaged is known before anything is computed.
    private CheckpointManifest ReadWhole(string name)
    {
        using var file = _files.OpenRead(name);
        var manifest = CheckpointManifest.Read(file);
        foreach (var record in manifest.Files)
        {
            if (!Tensors().IsMatch(record.Name))
                throw new AlexNetException($"it names '{record.Name}', which is no file of a checkpoint");

            if (_files.FindDamage(record) is { } damage)
                throw new AlexNetException(damage);
        }

        return manifest;
    }

    private TrainingSnapshot Load(CheckpointManifest manifest) => new(
        manifest.Position,
        ReadTensors(manifest.State.Name),
        manifest.Best is { } best ? new WeightSet(ReadTensors(best.Name)) : null);

    private static string NameBest(TrainingSnapshot snapshot) =>
        string.Create(CultureInfo.InvariantCulture, $"best-{snapshot.Position.Best.Epoch:D4}.safetensors");

    private FileRecord? FindBest(TrainingSnapshot snapshot) =>
        _own.Select(one => one.Manifest.Best).FirstOrDefault(best => best?.Name == NameBest(snapshot));

    private IEnumerable<string> OwnFiles() => _own.SelectMany(one => one.Manifest.Files.Select(file => file.Name).Append(one.Name));

    private void Prune()
    {
        _own.RemoveRange(0, Math.Max(0, _own.Count - Kept));
        var kept = OwnFiles().ToHashSet();

        // Manifests first: at no time does one name a file that is not there.
        foreach (var name in _files.Names.Where(name => IsOurs(name) && !kept.Contains(name)).OrderByDescending(IsManifest).ToList())
            _files.Delete(name);
    }

    // Newest first: numbers of as many digits, or of more.
    private List<string> Manifests() =>
        [.. _files.Names.Where(IsManifest).OrderByDescending(name => name.Length).ThenByDescending(name => name, StringComparer.Ordinal)];

    private static bool IsManifest(string name) => Manifest().IsMatch(name);

    private static bool IsOurs(string name) => IsManifest(name) || Tensors().IsMatch(name);

    [GeneratedRegex(@"\A[0-9]{8,}\.json\z")]
    private static partial Regex Manifest();

    [GeneratedRegex(@"\A([0-9]{8,}|best-[0-9]{4,})\.safetensors\z")]
    private static partial Regex Tensors();

    private List<KeyValuePair<string, Weight>> ReadTensors(string name) => FileReading.Read(
        _files.PathOf(name), "the tensors of a checkpoint", file => SafetensorsHeader.Read(file).Tensors
            .Select(tensor => KeyValuePair.Create(tensor.Name, new Weight(tensor.Dimensions, tensor.Load()))).ToList());
}
