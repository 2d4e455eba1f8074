using System.CommandLine;
using System.Globalization;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Datasets;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Cli;

/// <summary><c>alexnet train</c>: a folder of pictures to a run folder.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = new Argument<string?>("folder")
        {
            Description =
                "Folder with a folder of pictures for each class, or with train, validation and test of that kind. " +
                "Without it, datasets/shapes is drawn and learnt in 3 epochs with batch size 16, learning rate 0.0025, " +
                "20 warm-up steps and no dropout.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Run folder to write, empty or new. Default: runs/FOLDER-1, -2 and so on.", HelpName = "DIR",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the run in the output folder, once the new model is whole." };
        var file = new Option<string?>("--options")
        {
            Description = "Repeat a run from its options.json; other flags change it.", HelpName = "FILE",
        };
        var recipe = new Option<string?>("--recipe")
        {
            Description =
                "Options that go together, which other flags change: 'alexnet recipes' lists them. "
                + FormattableString.Invariant($"Default: {Recipes.SmallData.Name} for {Recipes.SmallDataFewest} to {Recipes.SmallDataMost:N0} pictures to train on ")
                + $"without initial weights, else {Recipes.Plain.Name}, of which the defaults here are.",
            HelpName = string.Join('|', Recipes.All.Select(one => one.Name)),
        };
        recipe.RequireOneOf([.. Recipes.All.Select(one => one.Name)]);
        var libTorch = new Option<string?>("--libtorch")
        {
            Description =
                "Train with the LibTorch in this folder, such as torch in the site-packages of a Python that has PyTorch. " +
                "Default: the variable LIBTORCH, else the one that comes with the command.",
            HelpName = "DIR",
        };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Print the result only." };
        var command = new Command(
            "train", "Trains on a folder of pictures and writes a model zip with its test metrics.")
        {
            data, output, overwrite, recipe, file, libTorch, quiet,
        };
        command.Validators.Add(result => result.RefuseBoth(recipe, file)); // which holds every option
        var flags = new TrainFlags(command);

        command.SetAction((parsed, cancellationToken) =>
        {
            var bare = Start(parsed.GetValue(data), parsed.GetValue(file), cancellationToken);
            bare = bare with
            {
                Output = parsed.GetValue(output) ?? FreshFolder(bare.Data),
                Overwrite = parsed.GetValue(overwrite),
            };
            var options = flags.Apply(parsed, bare);
            var taken = parsed.GetValue(recipe) is { } name ? new RecipeTaken(Recipes.Get(name), TrainPictures: null)
                : parsed.GetValue(data) is not null && parsed.GetValue(file) is null ? RecipeTaken.Choose(options)
                : null;
            if (taken is not null)
                options = flags.Apply(parsed, options.WithRecipe(taken.Recipe));

            var observation = new TrainingObservation { CancellationToken = cancellationToken };
            if (parsed.GetValue(libTorch) is { } folder)
                observation = observation with { LibTorch = folder };
            var result = TrainReport.Follow(
                terminal,
                parsed.GetValue(quiet),
                progress =>
                {
                    if (taken is not null)
                        progress?.Report(taken);
                    return TrainingRun.Execute(options, observation with { Progress = progress });
                });
            TrainReport.WriteResult(terminal, result);
            if (result.Fault is { } fault)
                throw fault;

            return Task.FromResult(result.IsCancelled ? ExitCode.Interrupted : ExitCode.Success);
        });
        return command;
    }

    private static RunOptions Start(string? data, string? file, CancellationToken cancellationToken)
    {
        var shapes = Path.Combine("datasets", "shapes");
        var options = file is not null ? OptionsFile.Read(file)
            : data is null ? new RunOptions { Data = shapes, Training = ShapesDataset.Recipe }
            : new RunOptions { Data = data };
        options = data is null ? options : options with { Data = data };
        if (data is null && Path.GetFullPath(options.Data) == Path.GetFullPath(shapes))
            ShapesDataset.EnsureDrawn(shapes, cancellationToken);

        return options;
    }

    // Numbers, not the time, tell runs apart: the next command line can name the folder.
    private static string FreshFolder(string data)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)));
        return Enumerable.Range(1, int.MaxValue)
            .Select(number => Path.Combine("runs", $"{name}-{number.ToString(CultureInfo.InvariantCulture)}"))
            .First(folder => !Path.Exists(folder));
    }
}
