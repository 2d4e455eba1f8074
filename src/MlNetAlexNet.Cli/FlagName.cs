using System.Text.RegularExpressions;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Training;

namespace MlNetAlexNet.Cli;

/// <summary>Flags are called as the options of the library that they set.</summary>
internal static partial class FlagName
{
    // Flags for one name and value each, and for one value.
    private static readonly Dictionary<string, string> s_others = new(
        ViewFlags.All.Select(flag => KeyValuePair.Create($"{nameof(TrainingOptions.Views)}.{flag.Views}", flag.Name)))
    {
        [nameof(Augmentation.CutMix)] = "--cutmix",
        [nameof(TrainingOptions.ClassWeights)] = "--class-weight",
        [nameof(TrainingOptions.BalancedClasses)] = "--class-weight",
        [nameof(TrainingOptions.LayerDecays)] = "--layer-decay",
        [nameof(TrainingOptions.LayerRates)] = "--layer-rate",
        [nameof(ModelFileOptions.RenamedClasses)] = "--rename-class",
        [nameof(ModelFileOptions.CustomLayers)] = "--custom-layer",
    };

    /// <summary>The flag of an option, such as <c>--skip-bad-images</c> of <c>SkipBadImages</c>.</summary>
    public static string Of(string option) => s_others.GetValueOrDefault(option) ?? $"--{WordStart().Replace(option, "-").ToLowerInvariant()}";

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordStart();
}
