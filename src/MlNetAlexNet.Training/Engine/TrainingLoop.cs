using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Checkpoints;
using MlNetAlexNet.Training.Data;
using MlNetAlexNet.Training.Teachers;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>The weights a training came to, and how.</summary>
internal sealed record TrainingOutcome(
    WeightSet Weights,
    IReadOnlyList<EpochCompleted> History,
    int BestEpoch,
    string Device,
    Precision Precision,
    bool IsCancelled,
    Exception? Fault = null);

/// <summary>The training loop: plan and weights in, weights out.</summary>
internal static class TrainingLoop
{
    /// <returns>
    /// The best weights so far, also where something ended the training after an epoch had ended, such as a loss that is no
    /// finite number, or pictures that cannot be read any more: <see cref="TrainingOutcome.Fault"/> is that.
    /// </returns>
    /// <exception cref="AlexNetException">It was in the first epoch, or the device is not there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the first step was done.</exception>
    public static TrainingOutcome Run(
        StartingModel start,
        ImagePreprocessing preprocessing,
        BatchSource train,
        BatchSource? validation,
        IReadOnlyList<float> classWeights,
        TeacherLessons? lessons,
        TrainingOptions options,
        TrainingObservation observation,
        CheckpointWriter? checkpoints = null)
    {
        observation.CancellationToken.ThrowIfCancellationRequested();
        var plan = start.Model.Plan;
        var device = TorchDevice.Resolve(options.Device);
        TensorFloat32.Choose(options.Precision, device);
        var resumed = checkpoints?.Resumed;
        var (precision, reason) = options.Precision == Precision.Auto && resumed is not null
            ? (resumed.Position.Precision, "as before")
            : PrecisionProbe.Choose(options.Precision, device, observation.Clock);
        var compute = precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        using var memory = FreedMemory.Keep();
        using var network = new TorchNetwork(plan, start.Model.Weights, preprocessing, device, compute, start.FrozenLayers, start.Rates, options.LayerDecays);
        using var inputs = new NetworkInputs(network, train, options, isLearnt: true);
        using var validationInputs = validation is null ? null : new NetworkInputs(network, validation, options, isLearnt: false);
        using var dropout = new DropoutMasks(options.Seed, device);
        using var loss = new ClassificationLoss(classWeights, options.LabelSmoothing, device);
        using var average = options.AveragingDecay is { } decay ? new AveragedWeights(network, decay) : null;
        using var distillation = lessons is null ? null : new Distillation(lessons, options, network, device, compute);
        IReadOnlyList<TorchParameter> parameters = [.. network.Parameters, .. distillation?.Parameters ?? []];
        using var optimizer = Optimizer.Create(options, parameters);
        var learningRate = new LearningRate(options, train.Steps);
        var leaves = parameters.Select(parameter => parameter.Compute).ToList();
        var sizes = new PictureSizes(options.InitialCropShare, plan, options.Epochs);
        var best = new BestWeights(network, options.EarlyStoppingEpochs);
        var history = new List<EpochCompleted>();
        var state = new TrainingState(
            network, distillation?.Parameters ?? [], optimizer, average, learningRate, best, history, precision, train.Steps);
        observation.Progress?.Report(new TrainingStarted(
            TorchDevice.Describe(device), precision, reason, TorchDevice.DescribeRepeatability(device), train.Count,
            validation?.Count ?? 0, train.Steps, options.Epochs, preprocessing)
        {
            Augmentation = options.Augmentation,
            Dropout = plan.ListDropout(start.FrozenLayers),
            WeightDecay = options.WeightDecay,
            LayerDecays = options.LayerDecays ?? new Dictionary<string, double>(),
        });

        if (resumed is not null)
        {
            TorchDevice.SetThreads(device, resumed.Position.Threads);
            state.Restore(resumed.Load());
            inputs.Replay(train, options, state.Epoch, state.Tally?.Batches ?? 0);
            observation.Progress?.Report(new TrainingResumed(resumed.Path, state.Epoch, state.Step, [.. history]));
        }
        else if (start.MeasuresNormalization)
        {
            network.MeasureNormalization(train.TakeMiddles().Select(batch => batch.Pixels));
        }

        try
        {
            return Learn();
        }
        catch (Exception fault) when (best.State.Epoch > 0 && fault is not OperationCanceledException)
        {
            return Outcome(isCancelled: false) with
            {
                Fault = MemoryFault.Matches(fault) ? MemoryFault.Explain(fault, options) : fault,
            };
        }

        TrainingOutcome Learn()
        {
            for (; state.Epoch <= options.Epochs && !best.IsStale; state.BeginNextEpoch())
            {
                var epoch = state.Epoch;
                var pace = new Pace(observation.Clock, options.Epochs, train.Steps, epoch, state.EpochSeconds);
                using var tally = new Tally(train.Steps, train.Held, device, state.Tally);
                var side = sizes.Get(epoch);
                var view = lessons?.ViewOf(epoch) ?? inputs.ViewOf(epoch);
                foreach (var batch in train.Shuffle(
                    options.Seed, epoch, options.Augmentation, side, view, rows => inputs.NeedsPixels(rows, view), skipped: tally.Batches))
                {
                    using var scope = NewDisposeScope();
                    var mixing = BatchMixing.Draw(options.Augmentation, options.Seed, state.Step, side);
                    dropout.BeginStep(state.Step);
                    var rate = learningRate.Get(state.Step++);
                    var labels = batch.Labels.to(device);                                // N
                    var input = mixing.Mix(inputs.Get(batch, view));                     // N x C x side x side, or of frozen layers
                    var (hidden, logits) = network.ForwardWithHidden(input, dropout);    // N x values, N x classes
                    var cost = mixing.Cost(labels, of => loss.Compute(logits, of));      // one number
                    cost = distillation?.Extend(cost, hidden, logits, batch.Rows, view, mixing) ?? cost;
                    var isRead = tally.Add(cost, logits, mixing.MainLabels(labels));     // each step on the CPU alone
                    if (isRead && tally.Read() is var last && !double.IsFinite(last))
                    {
                        throw Diverged($"The loss became {last}", epoch, rate);
                    }

                    var gradients = autograd.grad([cost], leaves);                       // each of its leaf's shape
                    if (options.GradientClipNorm is { } limit)
                    {
                        Optimizer.ClipNorm(gradients, limit);
                    }

                    optimizer.Step(gradients, rate);
                    average?.EndStep();
                    if (isRead)
                    {
                        observation.Progress?.Report(pace.CompleteStep(tally, rate));
                    }

                    if (observation.CancellationToken.IsCancellationRequested)
                    {
                        last = tally.Read();
                        if (!double.IsFinite(last))
                            throw Diverged($"The loss became {last}", epoch, rate);

                        checkpoints?.WriteLast(Take);
                        return Outcome(isCancelled: true);
                    }

                    if (checkpoints?.IsDue(endsEpoch: false) == true && double.IsFinite(tally.Read()))
                        checkpoints.Write(Take);
                }

                pace.EndTraining();
                average?.Exchange(); // what is validated, and kept if it is the best
                using var validated = validation is null
                    ? null
                    : Validate(network, validation, validationInputs!, validation.Steps, device, observation.CancellationToken,
                        done => observation.Progress?.Report(new PicturesValidating(epoch, done, validation.Count)));
                if (observation.CancellationToken.IsCancellationRequested)
                {
                    var outcome = Outcome(isCancelled: true);
                    average?.Exchange();
                    checkpoints?.WriteLast(Take);
                    return outcome;
                }

                // The epoch's last update comes after its last loss; a batch shows whether it diverged.
                using var check = validated ?? Validate(network, train, inputs, batches: 1, device, CancellationToken.None);
                if (!double.IsFinite(check.Loss))
                {
                    throw Diverged($"The loss became {check.Loss}", epoch, learningRate.Get(state.Step - 1));
                }

                // Behind a ReLU an infinite weight can leave the loss as it was.
                if (network.FindNotFinite() is { } weight)
                {
                    throw Diverged($"Weight '{weight}' became infinite", epoch, learningRate.Get(state.Step - 1));
                }

                history.Add(pace.CompleteEpoch(
                    tally, lessons?.KnowsClasses ?? true, validated, learningRate.Get(state.Step - 1), best.Offer(epoch, validated)));
                average?.Exchange();
                learningRate.EndEpoch(validated?.Loss);
                observation.Progress?.Report(history[^1]);
                if (epoch < options.Epochs && checkpoints?.IsDue(endsEpoch: true) == true)
                    checkpoints.Write(() => state.TakeEnd());

                TrainingSnapshot Take() => state.Take(tally.State, pace.Elapsed.TotalSeconds);
            }

            return Outcome(isCancelled: false);
        }

        TrainingOutcome Outcome(bool isCancelled) => new(
            best.Weights, history, best.State.Epoch, TorchDevice.Describe(device), precision, isCancelled);

        AlexNetException Diverged(FormattableString what, int epoch, double rate) => new(
            FormattableString.Invariant(what) + FormattableString.Invariant(
                $" in epoch {epoch} after {state.Step} steps in all, at learning rate {rate:G6}: the training ")
                + FormattableString.Invariant($"diverged. Lower LearningRate ({options.UsualLearningRate} suits most sets), raise WarmUpSteps, ")
                + "or set GradientClipNorm, such as to 1.");
    }

    private static Tally Validate(
        TorchNetwork network, BatchSource pictures, NetworkInputs inputs, int batches, torch.Device device, CancellationToken cancel,
        Action<int>? read = null)
    {
        using var noGradient = no_grad();
        var tally = new Tally(batches, pictures.Held, device);
        foreach (var batch in pictures.TakeMiddles(rows => inputs.NeedsPixels(rows, NetworkInputs.Middle)).Take(batches))
        {
            if (cancel.IsCancellationRequested)
            {
                break;
            }

            using var scope = NewDisposeScope();
            var labels = batch.Labels.to(device);                                    // N
            var logits = network.Forward(inputs.Get(batch, NetworkInputs.Middle), dropout: null); // N x classes
            tally.AddTop5(logits, labels);
            if (tally.Add(ClassificationLoss.ComputePlain(logits, labels), logits, labels))
            {
                tally.Read();
                read?.Invoke(tally.Pictures);
            }
        }

        return tally;
    }
}
