using MlNetAlexNet.Models;
using static System.FormattableString;

namespace MlNetAlexNet.Training;

/// <summary>A stack by name: <see cref="TrainingStart.FromPreset"/>.</summary>
internal sealed class PresetStart(ModelPreset preset, double? initialBias) : TrainingStart
{
    /// <summary>
    /// The rate where none is given (Krizhevsky 2012, section 4.2); also of <c>keras</c>, though its stack is published
    /// without.
    /// </summary>
    public const double DefaultDropout = 0.5;

    /// <summary>A name that is none, and a bias that the preset does not have.</summary>
    public static IEnumerable<string> ListFaults(string name, double? initialBias)
    {
        if (AlexNet.FindPreset(name) is not { } preset)
            yield return $"Preset is '{name}'; it must be one of {Names(AlexNet.Presets)}.";
        else if (initialBias is { } bias && preset.InitialBias == 0)
        {
            yield return Invariant($"InitialBias is {bias}, but every bias of the preset '{preset.Name}' starts at 0. ")
                + $"Leave it out, or take {Names(AlexNet.Presets.Where(other => other.InitialBias > 0))}.";
        }

        if (initialBias is { } number && !double.IsFinite(number))
            yield return Invariant($"InitialBias is {number}; it must be a finite number.");

        static string Names(IEnumerable<ModelPreset> presets) => string.Join(", ", presets.Select(one => one.Name));
    }

    internal override PictureForm ChooseForm(int classes) =>
        StackStart.ChooseForm(preset.Network(classes, DefaultDropout).Plan());

    internal override StartingModel Resolve(IReadOnlyList<string> classes, PictureForm form, TrainingOptions options)
    {
        var plan = preset.Network(classes.Count, options.Dropout ?? DefaultDropout).Plan();
        return StartingModel.Create(
            plan,
            preset.InitialWeights(plan, new Random(options.Seed), initialBias ?? preset.InitialBias),
            preset.Preprocessing is { } preprocessing ? preprocessing with { ImageSize = form.Side, ResizeMode = form.Mode } : null,
            classes,
            form,
            options,
            isTrained: false);
    }
}
