using MlNetAlexNet.Models;
using static System.FormattableString;

namespace MlNetAlexNet.Training;

/// <summary>The number format of the forward and backward pass. Default <see cref="Auto"/>.</summary>
public enum Precision
{
    /// <summary><see cref="BFloat16"/> where a product measured at the start runs faster in it, else <see cref="Float32"/>.</summary>
    Auto,

    /// <summary>32-bit floats throughout, on a GPU without TF32.</summary>
    Float32,

    /// <summary>16-bit bfloat for computing, 32-bit master weights (Micikevicius et al. 2018, "Mixed Precision Training").</summary>
    BFloat16,

    /// <summary>
    /// 32-bit floats whose products and convolutions round their factors to 10 bits of fraction (NVIDIA's TF32). On CUDA
    /// GPUs alone, where it has an effect since the Ampere generation; an error on the CPU.
    /// </summary>
    TensorFloat32,
}

/// <summary>How the weights move along their gradients. Default <see cref="Sgd"/>.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum, every weight decaying (Krizhevsky 2012, section 5).</summary>
    Sgd,

    /// <summary>
    /// Adam with weight decay of its own, on kernels alone (Loshchilov and Hutter 2019, algorithm 2; betas 0.9 and 0.999,
    /// epsilon 1e-8). It takes smaller learning rates and more decay, which are its defaults.
    /// </summary>
    AdamW,
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
/// What is learnt and how. Immutable; the defaults are the recipe of Krizhevsky, Sutskever and Hinton 2012, section 5,
/// but for batch 64 and the cosine schedule. <see cref="TrainingStart"/> says from what.
/// </summary>
public sealed record TrainingOptions
{
    private const string WayOut = "give them, or set ValidationFraction above 0.";
    private const double SgdMomentum = 0.9;
    private const double UsualDecayFactor = 0.1;
    private const int UsualDecayEpochs = 5;

    /// <summary>Passes over the training pictures, at least 1. Default 15, our own: minutes on a few thousand pictures.</summary>
    public int Epochs { get; init; } = 15;

    /// <summary>
    /// Pictures a step, at least 1; a smaller training set is one smaller batch. The memory that training takes grows with
    /// it. Default 64, our own; Krizhevsky 2012 had 128.
    /// </summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Learning rate after the warm-up. Default that of the optimizer: 0.01 of <see cref="OptimizerKind.Sgd"/> (Krizhevsky
    /// 2012, section 5), 0.001 of <see cref="OptimizerKind.AdamW"/> (Kingma and Ba 2015, algorithm 1).
    /// </summary>
    public double LearningRate
    {
        get => GivenLearningRate ?? UsualLearningRate;
        init => GivenLearningRate = value;
    }

    /// <summary>Steps over which the learning rate rises from 0, at most half of all steps (Goyal et al. 2017, section 2.2). Default 100, our own.</summary>
    public int WarmUpSteps { get; init; } = 100;

    /// <summary>What follows the warm-up. Default <see cref="LearningRateSchedule.Cosine"/>.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>
    /// Factor of <see cref="LearningRateSchedule.Step"/> and <see cref="LearningRateSchedule.ReduceOnPlateau"/>, between 0
    /// and 1. Default 0.1 (Krizhevsky 2012, section 5).
    /// </summary>
    public double DecayFactor { get; init; } = UsualDecayFactor;

    /// <summary>
    /// Epochs of <see cref="LearningRateSchedule.Step"/> and <see cref="LearningRateSchedule.ReduceOnPlateau"/>, at least 1.
    /// Default 5, our own: a third of <see cref="Epochs"/>.
    /// </summary>
    public int DecayEpochs { get; init; } = UsualDecayEpochs;

    /// <summary>How the weights move along their gradients. Default <see cref="OptimizerKind.Sgd"/>.</summary>
    public OptimizerKind Optimizer { get; init; }

    /// <summary>
    /// Whether SGD looks ahead along its momentum (Sutskever et al. 2013, section 2), as PyTorch's <c>nesterov</c>. Default
    /// false.
    /// </summary>
    public bool Nesterov { get; init; }

    /// <summary>
    /// Momentum of SGD, from 0 to below 1; another is refused beside another optimizer. Default 0.9 (Krizhevsky 2012,
    /// section 5).
    /// </summary>
    public double Momentum { get; init; } = SgdMomentum;

    /// <summary>
    /// Weight decay per step, at least 0. Default that of the optimizer: 5e-4 of <see cref="OptimizerKind.Sgd"/> (Krizhevsky
    /// 2012, section 5), 0.05 of <see cref="OptimizerKind.AdamW"/> (Touvron et al. 2021, "DeiT", table 9).
    /// </summary>
    public double WeightDecay
    {
        get => GivenWeightDecay ?? Optimizer switch { OptimizerKind.AdamW => 0.05, _ => 5e-4 };
        init => GivenWeightDecay = value;
    }

    /// <summary>
    /// Rate of every dropout layer, from 0 to below 1; 0 is none. Above 0 it is refused where the start has no dropout
    /// layer. Default null: 0.5 at two dense layers of a preset (Krizhevsky 2012, section 4.2), else the rates of the stack
    /// or the model to start from.
    /// </summary>
    public double? Dropout { get; init; }

    /// <summary>
    /// Whether each batch is normalized between a layer with weights, but the last, and its activation (Ioffe and Szegedy
    /// 2015): larger learning rates and better results on few pictures. It is folded into those layers where a model is
    /// written to score, so that it costs nothing there. Default false.
    /// </summary>
    public bool BatchNormalization { get; init; }

    /// <summary>Share of the target spread over all classes, from 0 to below 1. Default 0 (Szegedy et al. 2016, section 7).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// Weight of each class in the loss by name; a class not named counts 1. Default null: all count the same.
    /// </summary>
    public IReadOnlyDictionary<string, double>? ClassWeights { get; init; }

    /// <summary>What is learnt from beside the labels. Default null: nothing.</summary>
    public TeacherOptions? Teacher { get; init; }

    /// <summary>
    /// Largest norm of the gradient over all weights, above 0; a longer one is scaled down to it (Pascanu, Mikolov and
    /// Bengio 2013, algorithm 1). Default null: not clipped.
    /// </summary>
    public double? GradientClipNorm { get; init; }

    /// <summary>
    /// Factor of the learning rate, above 0, for layers with weights of the start; a last layer that is new for other
    /// classes, or has units for classes added, learns at the whole rate (Howard and Ruder 2018, section 3.2,
    /// "discriminative fine-tuning"). Refused where all weights are drawn. Default 1.
    /// </summary>
    public double InitialWeightsRate { get; init; } = 1;

    /// <summary>
    /// The same in groups: factors of the learning rate, above 0, by layer. Each holds for the layer of that name and those
    /// before it, back to the one named before; those behind the last one named learn at the whole rate. Names are those
    /// of the stack as its summary prints it. Excludes <see cref="InitialWeightsRate"/>. Default null: one group.
    /// </summary>
    public IReadOnlyDictionary<string, double>? LayerRates { get; init; }

    /// <summary>
    /// Name of a layer of the stack, as its summary prints it, that keeps its weights, as do all before it. What they make
    /// of a picture is then computed once a view and kept in a temporary file, so that most epochs take seconds. They
    /// compute as in scoring: nothing is dropped and no moving statistic moves. Refused where the start draws its weights,
    /// where nothing is left to train, and beside what is different at every step (<see cref="InitialCropShare"/>,
    /// <see cref="Augmentation.Mixup"/>, <see cref="Augmentation.CutMix"/>). Default null: every layer learns.
    /// </summary>
    public string? FreezeUntil { get; init; }

    /// <summary>
    /// Views of each picture that are drawn with <see cref="FreezeUntil"/>, at least 1; the epochs take them in turn. The
    /// first so many epochs compute them. Default null: those that <see cref="Teacher"/> sees, else 4, our own, and 1 where
    /// nothing about the pictures is random.
    /// </summary>
    public int? FrozenViews { get; init; }

    /// <summary>What is changed at random about the pictures that are learnt. Default: crop and flip.</summary>
    public Augmentation Augmentation { get; init; } = new();

    /// <summary>
    /// Whether the mean of the training pictures at every pixel is subtracted in place of a mean colour (Krizhevsky 2012,
    /// section 2). For random weights, and for pictures that are cut out as they are: with <see cref="Augmentation.SmallestArea"/>,
    /// <see cref="Augmentation.ColorJitter"/>, <see cref="Augmentation.TrivialAugment"/> and
    /// <see cref="Augmentation.RandomErasing"/> it is refused. Default false; a model to start from keeps its own.
    /// </summary>
    public bool MeanImage { get; init; }

    /// <summary>
    /// What a moving average of the weights keeps at a step, from 0 to below 1, such as 0.998; it is then the average that
    /// is validated and kept. Early on it keeps less, at most (1 + steps) / (10 + steps). Default null: no average.
    /// </summary>
    public double? AveragingDecay { get; init; }

    /// <summary>
    /// Side of the squares that are learnt in the first epoch as a share of the stack's, above 0 to 1; it grows to that over
    /// three quarters of the epochs, in steps of 16 pixels. Smaller squares are learnt faster. A stack that cannot take so
    /// small ones begins with the first of those steps that it can take. Default null: the stack's own throughout.
    /// </summary>
    public double? InitialCropShare { get; init; }

    /// <summary>Epochs without a better validation accuracy after which training stops, at least 1. Default null: all epochs run.</summary>
    public int? EarlyStoppingEpochs { get; init; }

    /// <summary>Classes in the columns <c>TopLabels</c> and <c>TopScores</c>; at most as many as there are. Default 5 (Krizhevsky 2012, section 6).</summary>
    public int TopK { get; init; } = 5;

    /// <summary>
    /// Which views of a picture the model scores and averages; training validates by the middle alone. Default null: those
    /// of the model to start from, else <see cref="ScoringViews.Middle"/>.
    /// </summary>
    public ScoringViews? Views { get; init; }

    /// <summary>Where to train. Default <see cref="Device.Auto"/>.</summary>
    public Device Device { get; init; } = Device.Auto;

    /// <summary>Number format of the forward and backward pass. Default <see cref="Precision.Auto"/>.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>
    /// The source of all randomness; on one CPU a seed gives the same weights every time, on a GPU as far as cuDNN allows.
    /// What is random about a picture depends on seed, epoch and picture alone. Default 1.
    /// </summary>
    public int Seed { get; init; } = 1;

    /// <summary>The learning rate of the optimizer where none is given.</summary>
    internal double UsualLearningRate => Optimizer switch { OptimizerKind.AdamW => 0.001, _ => 0.01 };

    private double? GivenLearningRate { get; init; }

    private double? GivenWeightDecay { get; init; }

    /// <summary>
    /// These options with another optimizer and its own learning rate, weight decay and momentum; with the one that they
    /// have, as they are.
    /// </summary>
    public TrainingOptions WithOptimizer(OptimizerKind optimizer) => optimizer == Optimizer ? this : this with
    {
        Optimizer = optimizer,
        GivenLearningRate = null,
        GivenWeightDecay = null,
        Momentum = SgdMomentum,
        Nesterov = false,
    };

    /// <summary>
    /// These options with another schedule and the defaults of <see cref="DecayFactor"/> and <see cref="DecayEpochs"/>; with
    /// the one that they have, as they are.
    /// </summary>
    public TrainingOptions WithSchedule(LearningRateSchedule schedule) => schedule == Schedule ? this : this with
    {
        Schedule = schedule,
        DecayFactor = UsualDecayFactor,
        DecayEpochs = UsualDecayEpochs,
    };

    /// <summary>Views of a picture where so many are asked for: no more than epochs, and one where none differs from another.</summary>
    internal int CountViews(int asked) => Augmentation == Augmentation.None ? 1 : Math.Min(asked, Epochs);

    /// <summary>The view, from 1, that an epoch, from 1, takes of so many.</summary>
    internal static int ChooseView(int epoch, int views) => 1 + (epoch - 1) % views;

    /// <summary>Numbers out of range, options without effect, and what needs validation pictures where there are none.</summary>
    internal IEnumerable<string> ListFaults(bool hasValidation)
    {
        foreach (var (name, value) in new (string, int?)[]
        {
            (nameof(Epochs), Epochs),
            (nameof(BatchSize), BatchSize),
            (nameof(DecayEpochs), DecayEpochs),
            (nameof(EarlyStoppingEpochs), EarlyStoppingEpochs),
            (nameof(TopK), TopK),
            (nameof(FrozenViews), FrozenViews),
        })
        {
            if (value < 1)
                yield return Invariant($"{name} is {value}; it must be at least 1.");
        }

        foreach (var (name, value) in new (string, double?)[]
        {
            (nameof(Momentum), Momentum), (nameof(Dropout), Dropout), (nameof(LabelSmoothing), LabelSmoothing),
            (nameof(AveragingDecay), AveragingDecay),
        })
        {
            if (value is not (null or (>= 0 and < 1)))
                yield return Invariant($"{name} is {value}; it must be at least 0 and below 1.");
        }

        foreach (var (name, value, known) in new (string, Enum, Array)[]
        {
            (nameof(Views), Views ?? default, Enum.GetValues<ScoringViews>()),
            (nameof(Optimizer), Optimizer, Enum.GetValues<OptimizerKind>()),
            (nameof(Schedule), Schedule, Enum.GetValues<LearningRateSchedule>()),
            (nameof(Precision), Precision, Enum.GetValues<Precision>()),
        })
        {
            if (Array.IndexOf(known, value) < 0)
                yield return $"{name} is {value}; it must be one of {string.Join(", ", known.Cast<Enum>())}.";
        }

        if (WarmUpSteps < 0)
            yield return Invariant($"{nameof(WarmUpSteps)} is {WarmUpSteps}; it must be at least 0.");

        if (LearningRate is not (> 0 and < double.PositiveInfinity))
            yield return Invariant($"{nameof(LearningRate)} is {LearningRate}; it must be above 0, such as 0.01.");

        if (WeightDecay is not (>= 0 and < double.PositiveInfinity))
            yield return Invariant($"{nameof(WeightDecay)} is {WeightDecay}; it must be at least 0, such as 0.0005.");

        if (DecayFactor is not (> 0 and < 1))
            yield return Invariant($"{nameof(DecayFactor)} is {DecayFactor}; it must be between 0 and 1.");

        if (InitialCropShare is not (null or (> 0 and <= 1)))
            yield return Invariant($"{nameof(InitialCropShare)} is {InitialCropShare}; it must be above 0 and at most 1.");

        if (GradientClipNorm is not (null or (> 0 and < double.PositiveInfinity)))
            yield return Invariant($"{nameof(GradientClipNorm)} is {GradientClipNorm}; it must be above 0.");

        foreach (var (name, weight) in ClassWeights ?? new Dictionary<string, double>())
        {
            if (weight is not (> 0 and < double.PositiveInfinity))
                yield return Invariant($"{nameof(ClassWeights)} gives '{name}' {weight}; it must be above 0.");
        }

        if (InitialWeightsRate is not (> 0 and < double.PositiveInfinity))
            yield return Invariant($"{nameof(InitialWeightsRate)} is {InitialWeightsRate}; it must be above 0, such as 0.1.");

        foreach (var (name, rate) in LayerRates ?? new Dictionary<string, double>())
        {
            if (rate is not (> 0 and < double.PositiveInfinity))
                yield return Invariant($"{nameof(LayerRates)} gives '{name}' {rate}; it must be above 0, such as 0.1.");
        }

        if (LayerRates is not null && InitialWeightsRate != 1)
            yield return $"{nameof(LayerRates)} and {nameof(InitialWeightsRate)} exclude each other; give one of them.";

        foreach (var fault in Augmentation.ListFaults().Concat(ListFrozenFaults()).Concat(Teacher?.ListFaults() ?? []))
            yield return fault;

        if (Teacher is not null && InitialCropShare < 1 && Augmentation.SmallestArea is null)
        {
            yield return $"With a teacher, {nameof(InitialCropShare)} needs {nameof(Augmentation.SmallestArea)}: the teacher sees a picture's view "
                + "once, and squares cut out as they are would show other parts of it as they grow. Set it, such as to 0.35.";
        }

        if (Teacher is not null && InitialCropShare < 1 && Augmentation.TrivialAugment)
        {
            yield return $"With a teacher, {nameof(InitialCropShare)} and {nameof(Augmentation.TrivialAugment)} exclude each other: some of its changes are "
                + "so many pixels, whatever the side, and the teacher sees one side. Leave one of them out.";
        }

        if (Teacher is not null && Augmentation.Lighting > 0)
            yield return $"{nameof(Augmentation.Lighting)} is not seen by a teacher, which must see what is learnt; leave one of them out.";

        foreach (var (name, isGiven) in new[] { (nameof(Nesterov), Nesterov), (nameof(Momentum), Momentum != SgdMomentum) })
        {
            if (isGiven && Optimizer != OptimizerKind.Sgd)
                yield return $"{name} is for the optimizer {OptimizerKind.Sgd}; leave it out with {Optimizer}, or set {nameof(Optimizer)}.";
        }

        foreach (var (name, isGiven) in new[]
        {
            (nameof(DecayFactor), DecayFactor != UsualDecayFactor), (nameof(DecayEpochs), DecayEpochs != UsualDecayEpochs),
        })
        {
            if (isGiven && Schedule is (LearningRateSchedule.Constant or LearningRateSchedule.Cosine))
            {
                yield return $"{name} is for the schedules {LearningRateSchedule.Step} and {LearningRateSchedule.ReduceOnPlateau}; "
                    + $"leave it out with {Schedule}, or set {nameof(Schedule)}.";
            }
        }

        if (Nesterov && Momentum == 0)
            yield return $"{nameof(Nesterov)} looks ahead along the momentum, which is 0; set Momentum, such as to 0.9.";

        if (hasValidation)
            yield break;

        if (EarlyStoppingEpochs is not null)
            yield return $"{nameof(EarlyStoppingEpochs)} needs validation pictures; {WayOut}";

        if (Schedule == LearningRateSchedule.ReduceOnPlateau)
            yield return $"{nameof(Schedule)} {Schedule} needs validation pictures; {WayOut}";
    }

    // What is computed once a view must be the same each time.
    private IEnumerable<string> ListFrozenFaults()
    {
        if (FreezeUntil is null)
        {
            if (FrozenViews is not null)
                yield return $"{nameof(FrozenViews)} is for what {nameof(FreezeUntil)} freezes; leave it out.";
            yield break;
        }

        foreach (var (name, isGiven) in new[]
        {
            (nameof(InitialCropShare), InitialCropShare < 1),
            (nameof(Augmentation.Mixup), Augmentation.Mixup > 0),
            (nameof(Augmentation.CutMix), Augmentation.CutMix > 0),
        })
        {
            if (isGiven)
                yield return $"{name} makes pictures new at every step, and {nameof(FreezeUntil)} computes them once; leave one of them out.";
        }

        if (FrozenViews is not null && Teacher is not null)
            yield return $"{nameof(FrozenViews)} is {FrozenViews}, but the views are those that the teacher sees; leave it out.";

        if (FrozenViews > 1 && Augmentation == Augmentation.None)
            yield return $"{nameof(FrozenViews)} is {FrozenViews}, but nothing about the pictures is random; leave it out.";
    }
}
