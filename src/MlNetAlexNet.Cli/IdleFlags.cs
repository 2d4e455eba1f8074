using System.CommandLine;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Cli;

/// <summary>
/// Flags that were given and would do nothing beside the other options. The options themselves refuse values that are not the
/// default; that a default was asked for the command line alone knows.
/// </summary>
internal static class IdleFlags
{
    private static readonly (string Flag, Func<RunOptions, bool> DoesSomething, string Needs)[] s_flags =
    [
        ("--momentum", run => run.Training.Optimizer == OptimizerKind.Sgd, "the optimizer Sgd: --optimizer Sgd"),
        ("--decay-factor", HasSteps, "the schedules Step and ReduceOnPlateau: --schedule Step"),
        ("--decay-epochs", HasSteps, "the schedules Step and ReduceOnPlateau: --schedule Step"),
        ("--mixing-probability", run => run.Training.Augmentation is { Mixup: > 0 } or { CutMix: > 0 }, "--mixup or --cutmix"),
        ("--validation-fraction", run => !run.ListOwnParts().Contains("validation"), "pictures that have no validation of their own"),
        ("--test-fraction", run => !run.ListOwnParts().Contains("test"), "pictures that have no test of their own"),
        ("--initial-weights-rate", run => run.Start.InitialWeights is not null, "--initial-weights"),
    ];

    /// <exception cref="AlexNetException">One would do nothing.</exception>
    public static void Refuse(ParseResult parsed, RunOptions run)
    {
        foreach (var (flag, _, needs) in s_flags.Where(each => TrainFlags.IsGiven(parsed, each.Flag) && !each.DoesSomething(run)))
            throw new AlexNetException($"{flag} does nothing here: it is for {needs}. Leave it out, or give that.");
    }

    private static bool HasSteps(RunOptions run) => run.Training.Schedule is LearningRateSchedule.Step or LearningRateSchedule.ReduceOnPlateau;
}
