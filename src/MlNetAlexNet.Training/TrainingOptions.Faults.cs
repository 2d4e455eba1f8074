using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using static System.FormattableString;

namespace MlNetAlexNet.Training;

// What is wrong with options, all of it at once.
public sealed partial record TrainingOptions
{
    private const string WayOut = "give them, or set ValidationFraction above 0.";

    /// <summary>Numbers out of range, options without effect, and what needs validation pictures where there are none.</summary>
    internal IEnumerable<string> ListFaults(bool hasValidation) =>
    [
        .. ListNumberFaults(),
        .. Augmentation.ListFaults(),
        .. ListIdleFaults(),
        .. ListFrozenFaults(),
        .. Teacher is null ? [] : Teacher.ListFaults().Concat(ListTeacherFaults()),
        .. hasValidation ? [] : ListValidationFaults(),
    ];

    /// <summary>Whether pictures are not to be mirrored; where nothing about them is random, that is not said.</summary>
    internal bool KeepsSides => !Augmentation.Flip && Augmentation != Augmentation.None;

    private IEnumerable<string> ListNumberFaults()
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

        foreach (var (name, decay) in LayerDecays ?? new Dictionary<string, double>())
        {
            if (decay is not (>= 0 and < double.PositiveInfinity))
                yield return Invariant($"{nameof(LayerDecays)} gives '{name}' {decay}; it must be at least 0, such as 0.0005.");
        }

        if (InitialWeightsRate is not (> 0 and < double.PositiveInfinity))
            yield return Invariant($"{nameof(InitialWeightsRate)} is {InitialWeightsRate}; it must be above 0, such as 0.1.");

        foreach (var (name, rate) in LayerRates ?? new Dictionary<string, double>())
        {
            if (rate is not (> 0 and < double.PositiveInfinity))
                yield return Invariant($"{nameof(LayerRates)} gives '{name}' {rate}; it must be above 0, such as 0.1.");
        }
    }

    // What has no effect beside what else is given.
    private IEnumerable<string> ListIdleFaults()
    {
        if (LayerRates is not null && InitialWeightsRate != 1)
            yield return $"{nameof(LayerRates)} and {nameof(InitialWeightsRate)} exclude each other; give one of them.";

        if (BalancedClasses && ClassWeights is not null)
            yield return $"{nameof(BalancedClasses)} and {nameof(ClassWeights)} exclude each other; give one of them.";

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

        if (KeepsSides && Views is ScoringViews.Mirrored or ScoringViews.TenCrops)
            yield return $"{nameof(Views)} is {Views}, which has mirror images, and {nameof(Augmentation.Flip)} is false: no picture is to be mirrored. Leave one of them out.";

        if (Nesterov && Momentum == 0)
            yield return $"{nameof(Nesterov)} looks ahead along the momentum, which is 0; set Momentum, such as to 0.9.";
    }

    // A teacher sees each view once, as it is learnt.
    private IEnumerable<string> ListTeacherFaults()
    {
        if (InitialCropShare < 1 && Augmentation.SmallestArea is null)
        {
            yield return $"With a teacher, {nameof(InitialCropShare)} needs {nameof(Augmentation.SmallestArea)}: the teacher sees a picture's view "
                + "once, and squares cut out as they are would show other parts of it as they grow. Set it, such as to 0.35.";
        }

        if (InitialCropShare < 1 && Augmentation.TrivialAugment)
        {
            yield return $"With a teacher, {nameof(InitialCropShare)} and {nameof(Augmentation.TrivialAugment)} exclude each other: some of its changes are "
                + "so many pixels, whatever the side, and the teacher sees one side. Leave one of them out.";
        }

        if (Augmentation.Lighting > 0)
            yield return $"{nameof(Augmentation.Lighting)} is not seen by a teacher, which must see what is learnt; leave one of them out.";
    }

    /// <summary>The numbers of steps have 32 bits.</summary>
    /// <param name="pictures">To train on.</param>
    /// <exception cref="AlexNetException">They have not.</exception>
    internal void RequireCountableSteps(int pictures)
    {
        var steps = CountSteps(pictures, BatchSize);
        if ((long)steps * Epochs > int.MaxValue)
        {
            throw new AlexNetException(Invariant(
                $"{nameof(Epochs)} is {Epochs}, of {steps} steps each; all together can be {int.MaxValue} at most. Lower {nameof(Epochs)}."))
            {
                Option = nameof(Epochs),
            };
        }
    }

    /// <summary>Batches of a pass. The sum may have more than 32 bits.</summary>
    internal static int CountSteps(int pictures, int batchSize) => (int)(((long)pictures + batchSize - 1) / batchSize);

    /// <summary>Refuses what needs validation pictures where the split gives none.</summary>
    /// <exception cref="AlexNetException">An option does.</exception>
    internal void RequireValidation(bool hasValidation) =>
        OptionFaults.RequireNone(hasValidation ? [] : ListValidationFaults(), nameof(SplitOptions.ValidationFraction));

    private IEnumerable<string> ListValidationFaults()
    {
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
