using MlNetAlexNet.Layers;
using MlNetAlexNet.Training.Checkpoints;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>All that changes as a training goes on, to be kept and to be gone on with, bit for bit.</summary>
/// <param name="network">What is trained.</param>
/// <param name="more">Parameters that the training has beside it.</param>
/// <param name="optimizer">Of all of them.</param>
/// <param name="average">Of the network; null without.</param>
/// <param name="learningRate">Of the steps.</param>
/// <param name="best">The best weights so far.</param>
/// <param name="history">The epochs that have ended.</param>
/// <param name="precision">Computed in.</param>
/// <param name="stepsPerEpoch">Of the training.</param>
internal sealed class TrainingState(
    TorchNetwork network,
    IReadOnlyList<TorchParameter> more,
    Optimizer optimizer,
    AveragedWeights? average,
    LearningRate learningRate,
    BestWeights best,
    List<EpochCompleted> history,
    Precision precision,
    int stepsPerEpoch)
{
    private const string Weights = "weights/";

    /// <summary>Under way, from 1.</summary>
    public int Epoch { get; set; } = 1;

    /// <summary>Done over the whole training.</summary>
    public int Step { get; set; }

    /// <summary>Of the epoch under way, when the training was resumed; null for one that begins.</summary>
    public TallyState? Tally { get; private set; }

    /// <summary>Those of the epoch under way before the training was resumed.</summary>
    public double EpochSeconds { get; private set; }

    /// <summary>A copy, between two steps.</summary>
    /// <param name="tally">Of the epoch under way.</param>
    /// <param name="epochSeconds">That it has taken so far.</param>
    public TrainingSnapshot Take(TallyState tally, double epochSeconds) => Take(Epoch, tally, epochSeconds);

    /// <summary>A copy at the end of the epoch under way: at the beginning of the next one.</summary>
    public TrainingSnapshot TakeEnd() => Take(Epoch + 1, new TallyState(0, 0, 0, 0, 0), epochSeconds: 0);

    private TrainingSnapshot Take(int epoch, TallyState tally, double epochSeconds) => new(
        new TrainingPosition(
            epoch,
            Step,
            stepsPerEpoch,
            tally,
            epochSeconds,
            optimizer.Steps,
            average?.Steps ?? 0,
            learningRate.Plateau,
            best.State,
            precision,
            get_num_threads(),
            [.. history]),
        [.. Tensors().Select(named => KeyValuePair.Create(named.Name, Copy(named.Value)))],
        best.Kept);

    /// <summary>Puts everything where the copy was taken.</summary>
    /// <exception cref="AlexNetException">It is of another network or another optimizer.</exception>
    public void Restore(TrainingSnapshot snapshot)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var given = new Dictionary<string, Weight>(snapshot.Tensors);
        foreach (var (name, value) in Tensors())
        {
            if (!given.Remove(name, out var weight))
                throw new AlexNetException($"The checkpoint has no '{name}', which this training needs.");

            long[] sides = [.. weight.Dimensions];
            if (!sides.SequenceEqual(value.shape))
                throw new AlexNetException($"The checkpoint's '{name}' is {string.Join(" x ", sides)}; this training's is {string.Join(" x ", value.shape)}.");

            value.copy_(tensor(weight.Values).reshape(sides));
        }

        if (given.Keys.FirstOrDefault() is { } extra)
            throw new AlexNetException($"The checkpoint has '{extra}', which this training does not.");

        network.RefreshCopies();
        foreach (var parameter in more)
            parameter.RefreshCopy();

        snapshot.Best?.RequireFit(network.Plan);
        var position = snapshot.Position;
        (Epoch, Step, EpochSeconds) = (position.Epoch, position.Step, position.EpochSeconds);
        Tally = position.Tally.Batches > 0 ? position.Tally : null;
        if (position.StepsPerEpoch != stepsPerEpoch)
            (Step, EpochSeconds, Tally) = ((Epoch - 1) * stepsPerEpoch, 0, null); // of other batches: the epoch begins anew

        optimizer.Steps = position.OptimizerSteps;
        average?.Steps = position.AveragedSteps;
        learningRate.Plateau = position.Plateau;
        best.Restore(position.Best, snapshot.Best);
        history.AddRange(position.History);
    }

    /// <summary>What is left of the epoch under way is that of the one that begins.</summary>
    public void BeginNextEpoch()
    {
        Epoch++;
        (Tally, EpochSeconds) = (null, 0);
    }

    private IEnumerable<(string Name, Tensor Value)> Tensors() =>
    [
        .. network.Values.Select(value => (Weights + value.Key, value.Value)),
        .. more.Select(parameter => (Weights + parameter.Key, parameter.Master)),
        .. optimizer.NameStates().Select(state => ("optimizer/" + state.Name, state.Value)),
        .. average?.Values.Select(value => ("average/" + value.Key, value.Value)) ?? [],
    ];

    private static Weight Copy(Tensor value)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        // Flat: of more dimensions TorchSharp copies number by number.
        return new Weight([.. value.shape.Select(side => (int)side)], value.detach().cpu().flatten().data<float>().ToArray());
    }
}
