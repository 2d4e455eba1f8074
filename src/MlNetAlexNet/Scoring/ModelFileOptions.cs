using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Scoring;

/// <summary>What a file of another framework does not say of its model. Immutable.</summary>
public sealed record ModelFileOptions
{
    /// <summary>
    /// The stack, for files that hold weights alone. Default null: the file's own; of a state dict, torchvision's
    /// AlexNet with the file's widths.
    /// </summary>
    public Sequential? Network { get; init; }

    /// <summary>Class names in the order of the last layer's units. Default null: the file's own, else 0, 1, 2, ...</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>
    /// Mean of the red, green and blue values, 0 to 255. Default null: the file's own, else 0.
    /// </summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>
    /// Deviation of the red, green and blue values, 0 to 255. Default null: the file's own, else 255, which gives the
    /// network values from 0 to 1.
    /// </summary>
    public IReadOnlyList<float>? StandardDeviation { get; init; }
}
