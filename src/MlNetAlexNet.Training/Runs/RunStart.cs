using MlNetAlexNet.Completion;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Training.Runs;

/// <summary>What <see cref="StartOptions"/> name, read.</summary>
/// <param name="Start">What the training starts from.</param>
/// <param name="Assumed">What a file of weights does not say and was assumed for it, in words.</param>
internal sealed record RunStart(TrainingStart Start, IReadOnlyList<string> Assumed)
{
    /// <summary>What a Keras file says of the training, of layers that are not frozen. Default: nothing.</summary>
    public TrainingSettings Settings { get; init; } = TrainingSettings.None;

    /// <param name="run">Without <see cref="RunOptions.ListFaults"/>.</param>
    /// <param name="outputs">Units that the last layer of a stack in a file gets. Default null: its own.</param>
    /// <exception cref="AlexNetException">A file is missing or cannot be used, or would be ignored.</exception>
    public static RunStart Read(RunOptions run, int? outputs = null)
    {
        var (options, dropout) = (run.Start, run.Training.Dropout);
        foreach (var file in (string?[])[options.InitialWeights, options.Stack])
        {
            if (file is not null && !Path.Exists(file))
                throw new AlexNetException($"The file '{file}' does not exist.");
        }

        var json = options.Stack is { } path ? options.StackJson ?? ReadStack(path) : null;
        var stack = json is null ? null : FileReading.Read(options.Stack!, "a Keras configuration", () => CompleteStack(json, outputs));
        var given = new ModelFileOptions
        {
            IsForTraining = true,
            ImageSize = run.ImageSize,
            ResizeMode = run.ResizeMode,
            RenamedClasses = options.RenamedClasses,
            KerasConfiguration = json,
            Preset = options.Preset is { } preset ? Trainable(preset, dropout) : null,
        };
        if (options.InitialWeights is { } weights)
        {
            var content = ReadModel(weights, options, given, dropout);
            var settings = stack?.Training ?? content.Training;
            var frozen = content.Plan.Take(LayerGroups.CountFrozen(content.Plan, run.Training, isTrained: true)).Select(layer => layer.Name);
            return new RunStart(TrainingStart.FromFile(content), content.Assumed)
            {
                Settings = settings with { KernelDecays = settings.KernelDecays.ExceptBy(frozen, decay => decay.Key).ToDictionary() },
            };
        }

        return stack is not null
            ? new RunStart(
                TrainingStart.FromStack(new Sequential(stack.Plan.Input, stack.Plan.Select(layer => layer.Layer))), stack.Assumed)
            { Settings = stack.Training }
            : new RunStart(TrainingStart.FromPreset(options.Preset ?? AlexNet.DefaultPreset, options.InitialBias), Assumed: []);
    }

    private static string ReadStack(string file) => ModelFile.ReadStack(file) ?? throw new AlexNetException(
        $"Stack '{file}' is no stack alone, but a model with weights. Give it as InitialWeights, to go on from it.")
    {
        Option = nameof(StartOptions.InitialWeights),
    };

    // A stack that ends in logits or in one sigmoid is trained as a model of it is read.
    private static ModelFileContent CompleteStack(string json, int? outputs)
    {
        var (plan, training) = KerasConfig.ParseForTraining(json);
        if (outputs is { } units)
            plan = WithOutputs(plan, units);
        if (plan[^1].EndsInSoftmax)
            return new ModelFileContent(plan, new WeightSet([]), Ignored: []) { Training = training };

        var drawn = WeightInitializer.HeNormal(plan, new Random(0)); // of no use but to carry the stack
        return NetworkEnd.Complete(
            new ModelFileContent(plan, drawn, Ignored: []),
            said: plan.Output.Channels == 1 ? Activation.Sigmoid : null,
            isOfFile: true) with
        { Training = training };
    }

    // As many of its first output, and a softmax in place of what it ends in, so that it is a model of so many classes.
    private static LayerPlan WithOutputs(LayerPlan plan, int units)
    {
        var drawn = WeightInitializer.HeNormal(plan, new Random(0)); // of no use but to carry the stack
        var wide = LastUnits.Choose(plan, drawn, [.. Enumerable.Repeat<int?>(0, units)]).Plan;
        return wide.Rewrite(planned => planned == wide[^1]
            ? planned.Layer switch
            {
                WeightedLayer { Activation: Activation.Sigmoid } layer => layer with { Activation = Activation.Softmax },
                ActivationLayer { Activation: Activation.Sigmoid } => new ActivationLayer(Activation.Softmax),
                var layer => layer,
            }
            : planned.Layer);
    }

    private static ModelFileContent ReadModel(
        string file, StartOptions options, ModelFileOptions given, double? dropout)
    {
        if ((options.Stack ?? options.Preset) is { } stack)
        {
            var without = options.Stack is null ? nameof(options.Preset) : nameof(options.Stack);
            return ModelFile.HoldsStack(file)
                ? throw new AlexNetException(
                    $"InitialWeights '{file}' holds a stack of its own, so '{stack}' would not be trained. Leave "
                    + $"{without} out.")
                { Option = without }
                : ModelFile.Read(file, given);
        }

        try
        {
            return ModelFile.Read(file, given);
        }
        catch (AlexNetException first) when (!ModelFile.HoldsStack(file))
        {
            try
            {
                // Weights alone are of the stack that is trained where none is named.
                return ModelFile.Read(file, given with { Preset = Trainable(AlexNet.DefaultPreset, dropout) });
            }
            catch (AlexNetException)
            {
                throw first;
            }
        }
    }

    // With the dropout layers it is trained with, not those it is published with.
    private static ModelPreset Trainable(string preset, double? dropout) =>
        AlexNet.GetPreset(preset) with { Dropout = dropout ?? PresetStart.DefaultDropout };
}
