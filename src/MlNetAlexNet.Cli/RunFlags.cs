using System.CommandLine;
using System.Globalization;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Cli;

/// <summary>What commands that write a run folder have in common.</summary>
internal sealed class RunFlags
{
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Run folder to write, empty or new. Default: runs/FOLDER-1, -2 and so on.", HelpName = "DIR",
    };
    private readonly Option<bool> _overwrite = new("--overwrite")
    {
        Description = "Replace the run in the output folder, once the new model is whole.",
    };
    private readonly Option<string?> _libTorch = new("--libtorch")
    {
        Description =
            "Train with the LibTorch in this folder, such as torch in the site-packages of a Python that has PyTorch. " +
            "Default: the variable LIBTORCH, else the one that comes with the command.",
        HelpName = "DIR",
    };
    private readonly Option<double?> _minutes = new("--checkpoint-minutes")
    {
        Description = string.Create(
            CultureInfo.InvariantCulture,
            $"Minutes from one checkpoint to the next within an epoch; each epoch's end has one as well. [default: {new RunOptions { Data = "" }.CheckpointMinutes}]"),
        HelpName = "N",
    };
    private readonly Option<bool> _noCheckpoints = new("--no-checkpoints")
    {
        Description = "Write none: what is killed cannot be gone on with.",
    };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print the result only." };
    private readonly Option<string> _logFormat = LogFormatFlag.Create();

    public RunFlags(Command command)
    {
        foreach (var option in (Option[])[_output, _overwrite, _minutes, _noCheckpoints, _libTorch, _quiet, _logFormat])
            command.Add(option);
        command.Validators.Add(result => result.RefuseBoth(_minutes, _noCheckpoints));
    }

    /// <summary>The options with the folder to write.</summary>
    public RunOptions Apply(ParseResult parsed, RunOptions options) => options with
    {
        Output = options.Resume ? options.Output : parsed.GetValue(_output) ?? Path.Combine("runs", NameOf(options.Data)),
        NumberOutput = !options.Resume && parsed.GetValue(_output) is null,
        Overwrite = parsed.GetValue(_overwrite),
        CheckpointMinutes = parsed.GetValue(_noCheckpoints) ? null : parsed.GetValue(_minutes) ?? options.CheckpointMinutes,
    };

    /// <summary>A run folder that is gone on with is the one that is written.</summary>
    public void RefuseBeside(Command command, Option resume)
    {
        command.Validators.Add(result => result.RefuseBoth(resume, _output));
        command.Validators.Add(result => result.RefuseBoth(resume, _overwrite));
    }

    /// <summary>Runs, and shows it.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">Of the run.</param>
    /// <param name="work">What runs.</param>
    /// <param name="first">What is told before it; null for nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public int Execute(
        Terminal terminal,
        ParseResult parsed,
        RunOptions options,
        Func<RunOptions, TrainingObservation, RunResult> work,
        TrainingProgress? first,
        CancellationToken cancellationToken)
    {
        IdleFlags.Refuse(parsed, options);
        var observation = new TrainingObservation { CancellationToken = cancellationToken, Clock = terminal.Clock };
        if (parsed.GetValue(_libTorch) is { } folder)
            observation = observation with { LibTorch = folder };
        using var log = terminal.OpenLog(LogFormatFlag.Read(parsed), parsed.GetValue(_quiet));
        var words = new TrainNews();
        var progress = new ProgressHandler<TrainingProgress>(at => log.Report(words.Tell(at)));
        log.Report(TrainNews.Begin());
        if (first is not null)
            progress.Report(first);
        var result = Work(observation with { Progress = progress });
        foreach (var news in ResultNews.Tell(result))
            log.Report(news);
        if (result.Fault is { } fault)
            throw fault;

        return result.IsCancelled ? ExitCode.Interrupted : ExitCode.Success;

        // Nobody has asked for what a recipe has and the network has no place for; nothing is done before that is known.
        RunResult Work(TrainingObservation observed)
        {
            try
            {
                return work(options, observed);
            }
            catch (AlexNetException fault) when (fault.Option == nameof(TrainingOptions.BatchNormalization)
                && !TrainFlags.IsGiven(parsed, FlagName.Of(fault.Option)))
            {
                return work(options with { Training = options.Training with { BatchNormalization = false } }, observed);
            }
        }
    }

    // A number comes behind it, not the time: the next command line can name the folder.
    private static string NameOf(string data) => File.Exists(data)
        ? Path.GetFileNameWithoutExtension(data)
        : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)));
}
