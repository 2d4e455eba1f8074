using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats;

/// <summary>What is known of a model beside its file, for the reader of a format.</summary>
internal sealed record KnownOfModel
{
    /// <summary>The stack for a number of classes, where the file holds weights alone. Default null: the file's own.</summary>
    public Func<int, LayerPlan>? Stack { get; init; }

    /// <summary>The same as a Keras configuration, which says more of a Keras file. Default null.</summary>
    public string? KerasConfiguration { get; init; }

    /// <summary>Layers of the user's own, by class or name, as layers that are known here. Default none.</summary>
    public IReadOnlyDictionary<string, Layer> CustomLayers { get; init; } = new Dictionary<string, Layer>();
}
