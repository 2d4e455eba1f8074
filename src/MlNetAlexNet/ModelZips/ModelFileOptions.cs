using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.ModelZips;

/// <summary>What a file of another framework does not say of its model. Immutable.</summary>
public sealed record ModelFileOptions
{
    /// <summary>
    /// The stack, for files that hold weights alone; with others it is refused. Default null: <see cref="Preset"/>, else
    /// the file's own; of a state dict, torchvision's AlexNet with the file's widths.
    /// </summary>
    public Sequential? Network { get; init; }

    /// <summary>
    /// The stack by what makes it, with as many classes as the file has, for files that hold weights alone; with others
    /// it is refused. Its preprocessing is that of the file, unless <see cref="Mean"/> or
    /// <see cref="StandardDeviation"/> say otherwise. Default null: <see cref="Network"/>.
    /// </summary>
    public ModelPreset? Preset { get; init; }

    /// <summary>Class names in the order of the last layer's units. Default null: the file's own, else 0, 1, 2, ...</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>
    /// Mean of the red, green and blue values, 0 to 255. Default null: the file's own, else the preset's, ImageNet's for
    /// a stack laid out as torchvision's AlexNet, else 0.
    /// </summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>
    /// Deviation of the red, green and blue values, 0 to 255. Default null: the file's own, else the preset's, ImageNet's
    /// for a stack laid out as torchvision's AlexNet, else 255, which gives the network values from 0 to 1.
    /// </summary>
    public IReadOnlyList<float>? StandardDeviation { get; init; }

    /// <summary>
    /// Whether the model is to be trained on: with the classes of the pictures, and crops out of pictures of
    /// <see cref="ImagePreprocessing.ChooseImageSize"/>. Default false.
    /// </summary>
    internal bool IsForTraining { get; init; }

    /// <summary>Two stacks, and numbers that cannot be subtracted or divided by.</summary>
    internal IEnumerable<string> ListFaults() =>
    [
        .. Network is not null && Preset is not null
            ? [$"Network and Preset '{Preset.Name}' exclude each other; give one of them."]
            : Array.Empty<string>(),
        .. ImagePreprocessing.ListFaults(Mean, StandardDeviation),
    ];

    /// <summary>The stack, given a number of classes; null for the file's own.</summary>
    internal Func<int, LayerPlan>? Stack =>
        Network is { } network ? _ => network.Plan()
        : Preset is { } preset ? classes => preset.Network(classes, preset.Dropout).Plan()
        : null;
}
