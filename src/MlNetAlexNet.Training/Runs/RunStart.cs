using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Training.Runs;

/// <summary>What <see cref="StartOptions"/> name, read.</summary>
/// <param name="Start">What the training starts from.</param>
/// <param name="Assumed">What a file of weights does not say and was assumed for it, in words.</param>
internal sealed record RunStart(TrainingStart Start, IReadOnlyList<string> Assumed)
{
    /// <param name="options">Without <see cref="StartOptions.ListFaults"/>.</param>
    /// <param name="dropout">Of the training; null for the start's own.</param>
    /// <exception cref="AlexNetException">A file is missing or cannot be used, or would be ignored.</exception>
    public static RunStart Read(StartOptions options, double? dropout)
    {
        foreach (var file in (string?[])[options.InitialWeights, options.Stack])
        {
            if (file is not null && !Path.Exists(file))
                throw new AlexNetException($"The model '{file}' does not exist.");
        }

        var own = new ModelFileOptions { IsForTraining = true };
        var given = own with
        {
            Network = options.Stack is { } stack ? KerasConfig.ReadFile(stack) : null,
            Preset = options.Preset is { } preset ? Trainable(preset, dropout) : null,
        };
        if (options.InitialWeights is { } weights)
        {
            var content = ReadModel(weights, options, given, dropout);
            return new RunStart(new ModelStart(content.Model, content.HoldsClasses), content.Assumed);
        }

        return new RunStart(
            given.Network is { } network
                ? TrainingStart.FromStack(network)
                : TrainingStart.FromPreset(options.Preset ?? AlexNet.DefaultPreset, options.InitialBias),
            Assumed: []);
    }

    private static ModelFileContent ReadModel(
        string file, StartOptions options, ModelFileOptions given, double? dropout)
    {
        if ((options.Stack ?? options.Preset) is { } stack)
        {
            return ModelFile.HoldsStack(file)
                ? throw new AlexNetException(
                    $"InitialWeights '{file}' holds a stack of its own, so '{stack}' would not be trained. Leave "
                    + $"{(options.Stack is null ? nameof(options.Preset) : nameof(options.Stack))} out.")
                : ModelFile.Read(file, given);
        }

        try
        {
            return ModelFile.Read(file, given);
        }
        catch (AlexNetException) when (!ModelFile.HoldsStack(file))
        {
            // Weights alone are of the stack that is trained where none is named.
            return ModelFile.Read(file, given with { Preset = Trainable(AlexNet.DefaultPreset, dropout) });
        }
    }

    // With the dropout layers it is trained with, not those it is published with.
    private static ModelPreset Trainable(string preset, double? dropout) =>
        AlexNet.GetPreset(preset) with { Dropout = dropout ?? PresetStart.DefaultDropout };
}
