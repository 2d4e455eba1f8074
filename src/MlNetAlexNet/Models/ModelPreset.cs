using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Models;

/// <summary>A network by name, with what its training starts from.</summary>
/// <param name="Name">Such as <c>paper</c>.</param>
/// <param name="Network">The stack, given the number of classes and the dropout rate; with rate 0 without dropout.</param>
public sealed record ModelPreset(string Name, Func<int, double, Sequential> Network)
{
    /// <summary>
    /// Draws the weights to start from, given <see cref="InitialBias"/> or what replaces it. Default
    /// <see cref="WeightInitializer.HeNormal"/>.
    /// </summary>
    public Func<LayerPlan, Random, double, WeightSet> InitialWeights { get; init; } =
        (plan, random, _) => WeightInitializer.HeNormal(plan, random);

    /// <summary>What the biases start at that its authors start above 0. Default 0: all start at 0.</summary>
    public double InitialBias { get; init; }

    /// <summary>
    /// What happens to a picture before the network. Default null: mean and deviation of the training pictures.
    /// </summary>
    public ImagePreprocessing? Preprocessing { get; init; }

    /// <summary>The dropout rate of the network as published. Default 0.5 (Krizhevsky 2012, section 4.2).</summary>
    public double Dropout { get; init; } = 0.5;
}
