namespace MlNetAlexNet.Training;

/// <summary>Options that go together and have a name; <see cref="Recipes"/> has all. Immutable.</summary>
public sealed record Recipe
{
    /// <summary>What it is called, such as <c>small-data</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, in a sentence or two.</summary>
    public required string Purpose { get; init; }

    /// <summary>What it reached, on what, in how long; no other figure is known.</summary>
    public required string Reached { get; init; }

    /// <summary>What is learnt and how. A seed, a device or more epochs are added by <c>with</c>.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>The network of <see cref="Models.AlexNet.Presets"/> that it trains. Default null: any.</summary>
    public string? Preset { get; init; }

    /// <summary>As in <see cref="TrainingStart.FromPreset"/>, of <see cref="Preset"/>. Default null: the preset's own.</summary>
    public double? InitialBias { get; init; }
}
