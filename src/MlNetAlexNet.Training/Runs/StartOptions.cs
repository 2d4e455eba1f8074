using System.Text.Json.Serialization;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Runs;

/// <summary>What a run starts from: a preset, a stack in a file, or a model in a file. Immutable.</summary>
public sealed record StartOptions
{
    /// <summary>
    /// The name of the network to train, one of <see cref="AlexNet.Presets"/>, with its preprocessing and the random
    /// weights it starts from; beside <see cref="InitialWeights"/> it is the stack of a file that holds weights alone.
    /// Default null: <c>keras</c>, where neither a stack nor a file says otherwise.
    /// </summary>
    public string? Preset { get; init; }

    /// <summary>As in <see cref="TrainingStart.FromPreset"/>. Default null: the preset's own.</summary>
    public double? InitialBias { get; init; }

    /// <summary>
    /// File with the stack to train in place of a preset: the configuration of a sequential Keras model
    /// (<c>model.to_json()</c>). Default null: the preset.
    /// </summary>
    public string? Stack { get; init; }

    /// <summary>
    /// The text of <see cref="Stack"/>, where it was read already (<see cref="ModelZips.ModelFile.ReadStack"/>): a pipe is read once.
    /// Default null: the file is read.
    /// </summary>
    [JsonIgnore]
    public string? StackJson { get; init; }

    /// <summary>
    /// Model to start from (warm start), in any file of <see cref="ModelZips.ModelFile"/>; its classes that the pictures
    /// have keep their units of the last layer, the others get new ones. A file of weights alone is one of <see cref="Stack"/>, or of
    /// <see cref="Preset"/>. Default null: random weights.
    /// </summary>
    public string? InitialWeights { get; init; }

    /// <summary>
    /// New names for classes of <see cref="InitialWeights"/>, by the old ones, so that they are those of the pictures and
    /// keep their units. Default null: all keep theirs.
    /// </summary>
    public IReadOnlyDictionary<string, string>? RenamedClasses { get; init; }

    /// <summary>What has no meaning, or not together.</summary>
    internal IEnumerable<string> ListFaults()
    {
        if (Preset is not null && Stack is not null)
            yield return $"Preset '{Preset}' and Stack '{Stack}' exclude each other; give one of them.";

        var drawn = Stack is null && InitialWeights is null;
        foreach (var fault in PresetStart.ListFaults(Preset ?? AlexNet.DefaultPreset, drawn ? InitialBias : null))
            yield return fault;

        if (InitialBias is not null && !drawn)
        {
            var beside = Stack is null ? nameof(InitialWeights) : nameof(Stack);
            yield return $"InitialBias is for the random weights of a preset; leave it out beside {beside}.";
        }

        if (RenamedClasses is not null && InitialWeights is null)
            yield return $"{nameof(RenamedClasses)} is for the classes of {nameof(InitialWeights)}; leave it out without them.";
    }
}
