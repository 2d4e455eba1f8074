using System.Text.Json.Serialization;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training;

/// <summary>Where the network is trained. Default <see cref="Auto"/>.</summary>
public enum Device
{
    /// <summary>The GPU if there is one, else the CPU.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>The first CUDA GPU; an error where there is none.</summary>
    Cuda,
}

/// <summary>The number format of the forward and backward pass. Default <see cref="Auto"/>.</summary>
public enum Precision
{
    /// <summary><see cref="BFloat16"/> where a product measured at the start runs faster in it, else <see cref="Float32"/>.</summary>
    Auto,

    /// <summary>32-bit floats throughout.</summary>
    Float32,

    /// <summary>16-bit bfloat for computing, 32-bit master weights (Micikevicius et al. 2018, "Mixed Precision Training").</summary>
    BFloat16,
}

/// <summary>How the learning rate goes on after the warm-up. Default <see cref="Cosine"/>.</summary>
public enum LearningRateSchedule
{
    /// <summary>Always <see cref="TrainingOptions.LearningRate"/>.</summary>
    Constant,

    /// <summary>Down to 0 along half a cosine (Loshchilov and Hutter 2017, equation 5).</summary>
    Cosine,

    /// <summary>Times <see cref="TrainingOptions.DecayFactor"/> after every <see cref="TrainingOptions.DecayEpochs"/> epochs.</summary>
    Step,

    /// <summary>
    /// Times <see cref="TrainingOptions.DecayFactor"/> when the validation loss has not fallen for
    /// <see cref="TrainingOptions.DecayEpochs"/> epochs (Krizhevsky 2012, section 5, did so by hand).
    /// </summary>
    ReduceOnPlateau,
}

/// <summary>
/// Everything that decides how a network is trained. Immutable; the defaults are the recipe of Krizhevsky, Sutskever
/// and Hinton 2012, section 5, but for He-normal weights, batch 64 and the cosine schedule.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>The key column to learn. Default <c>Label</c>, as in every run from a folder.</summary>
    [JsonIgnore]
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The pixels, <c>Vector&lt;Byte, 256, 256, 3&gt;</c> with interleaved RGB. Default <c>Pixels</c>, as in every run from a folder.</summary>
    [JsonIgnore]
    public string PixelsColumnName { get; init; } = "Pixels";

    /// <summary>
    /// The name of the network to train, one of <see cref="AlexNet.Presets"/>, with its own way to start: the weights
    /// drawn with <see cref="Seed"/>, and the preprocessing. Default <c>keras</c>.
    /// </summary>
    public string Preset { get; init; } = AlexNet.DefaultPreset;

    /// <summary>
    /// A stack of your own in place of <see cref="Preset"/>, given the number of classes and the dropout rate. Its square
    /// input is the random crop taken out of the picture, so it may not be larger than the picture. It starts from
    /// <see cref="WeightInitializer.HeNormal"/>. Default null: the preset.
    /// </summary>
    [JsonIgnore]
    public Func<int, double, Sequential>? Network { get; init; }

    /// <summary>Weights to start from. Default null: those of <see cref="Preset"/>.</summary>
    [JsonIgnore]
    public WeightSet? InitialWeights { get; init; }

    /// <summary>
    /// What the biases start at that the <see cref="Preset"/> starts above 0. Default null: the preset's own, 1 in
    /// <c>paper</c> and <c>caffenet</c> (Krizhevsky 2012, section 5); with 0.1 Caffe's authors saw them learn sooner.
    /// </summary>
    public double? InitialBias { get; init; }

    /// <summary>
    /// Normalisation to keep with <see cref="InitialWeights"/>. Default null: that of <see cref="Preset"/>; where it has none,
    /// as <c>keras</c>, mean and deviation of the training pictures.
    /// </summary>
    [JsonIgnore]
    public ImagePreprocessing? Preprocessing { get; init; }

    /// <summary>Passes over the training pictures, at least 1. Default 15.</summary>
    public int Epochs { get; init; } = 15;

    /// <summary>Pictures a step, at least 1; a smaller training set is one smaller batch. Default 64.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Learning rate after the warm-up. Default 0.01 (Krizhevsky 2012, section 5).</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Steps over which the learning rate rises from 0, at most half of all steps. Default 100.</summary>
    public int WarmUpSteps { get; init; } = 100;

    /// <summary>What follows the warm-up. Default <see cref="LearningRateSchedule.Cosine"/>.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>Factor of <see cref="LearningRateSchedule.Step"/> and <see cref="LearningRateSchedule.ReduceOnPlateau"/>, between 0 and 1. Default 0.1.</summary>
    public double DecayFactor { get; init; } = 0.1;

    /// <summary>Epochs of <see cref="LearningRateSchedule.Step"/> and <see cref="LearningRateSchedule.ReduceOnPlateau"/>, at least 1. Default 5.</summary>
    public int DecayEpochs { get; init; } = 5;

    /// <summary>Momentum of SGD, from 0 to below 1. Default 0.9 (Krizhevsky 2012, section 5).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay per step, at least 0. Default 5e-4 (Krizhevsky 2012, section 5).</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Rate of the dropout at the first two dense layers, from 0 to below 1. Default 0.5 (Krizhevsky 2012, section 4.2).</summary>
    public double Dropout { get; init; } = 0.5;

    /// <summary>Share of the target spread over all classes, from 0 to below 1. Default 0 (Szegedy et al. 2016, section 7).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// Weight of each class in the loss by name; a class not named counts 1. Default null: all count the same.
    /// </summary>
    public IReadOnlyDictionary<string, double>? ClassWeights { get; init; }

    /// <summary>Largest norm of the gradient over all weights, above 0; a longer one is scaled down to it. Default null: not clipped.</summary>
    public double? GradientClipNorm { get; init; }

    /// <summary>Whether crops are random and flipped at random in training. Default true (Krizhevsky 2012, section 4.1).</summary>
    public bool Augment { get; init; } = true;

    /// <summary>Epochs without a better validation accuracy after which training stops, at least 1. Default null: all epochs run.</summary>
    public int? EarlyStoppingEpochs { get; init; }

    /// <summary>
    /// Share of the training pictures kept for validation where <c>Fit</c> is given none, from 0 to below 1, drawn from
    /// <see cref="Seed"/> class by class. Default 0.1; with 0 there is no validation and the last weights are kept. A run
    /// from a folder splits by <see cref="Images.SplitOptions"/> instead.
    /// </summary>
    [JsonIgnore]
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Classes in the columns <c>TopLabels</c> and <c>TopScores</c>; at most as many as there are. Default 5.</summary>
    public int TopK { get; init; } = 5;

    /// <summary>Where to train. Default <see cref="Device.Auto"/>.</summary>
    public Device Device { get; init; } = Device.Auto;

    /// <summary>Number format of the forward and backward pass. Default <see cref="Precision.Auto"/>.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>
    /// The source of all randomness; on one CPU a seed gives the same weights every time. What is random about a picture
    /// depends on seed, epoch and picture alone. Default 1.
    /// </summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Threads that read and cut the pictures of the next batches, at least 1; any number of them gives the same
    /// weights. Default 2.
    /// </summary>
    [JsonIgnore]
    public int LoadingThreads { get; init; } = 2;

    /// <summary>Receives steps and epochs as they end. Default null.</summary>
    [JsonIgnore]
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Ends the training after the step under way; the best weights so far are kept. Default: never.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Measures seconds and images/s. Default <see cref="TimeProvider.System"/>.</summary>
    [JsonIgnore]
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The network to train.</summary>
    /// <exception cref="AlexNetException">There is no such preset.</exception>
    internal ModelPreset Model => Network is null ? AlexNet.Preset(Preset) : new ModelPreset("own", Network);
}
