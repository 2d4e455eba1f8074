using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training;

/// <summary>
/// What is learnt and how. Immutable; the defaults are the recipe of Krizhevsky, Sutskever and Hinton 2012, section 5,
/// but for batch 64 and the cosine schedule. <see cref="TrainingStart"/> says from what.
/// </summary>
public sealed partial record TrainingOptions
{
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
    /// Weight decay of the kernels of layers by name, at least 0, in place of <see cref="WeightDecay"/>. It is coupled with any
    /// optimizer: so much of each weight is added to its gradient, as Keras' <c>kernel_regularizer</c> L2 does with half of it
    /// as l2. Names are those of the stack as its summary prints it. Default null: what a Keras file to start from says of its
    /// layers in a run (<see cref="Runs.RunOptions"/>), else none.
    /// </summary>
    public IReadOnlyDictionary<string, double>? LayerDecays { get; init; }

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

    /// <summary>
    /// Whether each class weighs as if all had as many pictures to train on: n / (k n_c) for n pictures of k classes, n_c of this one
    /// (scikit-learn's <c>class_weight="balanced"</c>). Excludes <see cref="ClassWeights"/>. Default false.
    /// </summary>
    public bool BalancedClasses { get; init; }

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
}
