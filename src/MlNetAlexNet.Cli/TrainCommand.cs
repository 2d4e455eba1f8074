using System.CommandLine;
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
                "Folder with a folder of pictures for each class, or with train, validation and test of that kind. " + TableFlags.Table + " " +
                "Without it, datasets/shapes is drawn and learnt in 3 epochs with batch size 16, learning rate 0.0025, " +
                "20 warm-up steps and no dropout.",
            Arity = ArgumentArity.ZeroOrOne,
        };
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
        var resume = new Option<string?>("--resume")
        {
            Description =
                "Go on with the run in this folder, which was interrupted, from its newest checkpoint, with its options, and end " +
                "as if it had never been; also one of 'alexnet pretrain'.",
            HelpName = "DIR",
        };
        var accept = new Option<bool>("--accept-changes")
        {
            Description = "Resume with other options, pictures or classes than the checkpoint's, such as more --epochs.",
        };
        var command = new Command(
            "train", "Trains on a folder of pictures and writes a model zip with its test metrics.")
        {
            data, recipe, file, resume, accept,
        };
        var run = new RunFlags(command);
        command.Validators.Add(result => result.RefuseBoth(recipe, file)); // which holds every option
        command.Validators.Add(result => result.RefuseBoth(resume, recipe)); // as a checkpoint does
        command.Validators.Add(result => result.RefuseBoth(resume, file));
        command.Validators.Add(result =>
        {
            if (result.GetValue(accept) && result.GetResult(resume) is null)
                result.AddError($"{accept.Name} is for a run that is gone on with. Name one with {resume.Name}.");
        });
        run.RefuseBeside(command, resume);
        var flags = new TrainFlags(command);
        var table = new TableFlags(command);

        command.SetAction((parsed, cancellationToken) =>
        {
            var isDrawn = parsed.GetValue(data) is null && parsed.GetValue(file) is null && parsed.GetValue(resume) is null;
            var bare = parsed.GetValue(resume) is { } folder
                ? Resume(folder, parsed.GetValue(data)) with { AcceptChanges = parsed.GetValue(accept) }
                : Start(parsed.GetValue(data), parsed.GetValue(file), cancellationToken);
            bare = bare with { Columns = table.Read(parsed, bare.Columns) };
            var options = flags.Apply(parsed, run.Apply(parsed, bare));
            if (isDrawn && options.Start is not { Stack: null, InitialWeights: null } && !TrainFlags.IsGiven(parsed, "--dropout"))
                options = options with { Training = options.Training with { Dropout = null } }; // that of the file
            var taken = parsed.GetValue(recipe) is { } name ? new RecipeTaken(Recipes.Get(name), TrainPictures: null)
                : parsed.GetValue(data) is not null && parsed.GetValue(file) is null && !options.Resume ? RecipeTaken.Choose(options)
                : null;
            if (taken is not null)
                options = flags.Apply(parsed, options.WithRecipe(taken.Recipe));

            return Task.FromResult(run.Execute(terminal, parsed, options, TrainingRun.Execute, taken, cancellationToken));
        });
        return command;
    }

    private static RunOptions Resume(string folder, string? data)
    {
        var options = RunOptions.FromCheckpoint(folder);
        return data is null ? options : options with { Data = data };
    }

    private static RunOptions Start(string? data, string? file, CancellationToken cancellationToken)
    {
        var shapes = Path.Combine("datasets", "shapes");
        var options = file is not null ? OptionsFile.Read(file)
            : data is null ? new RunOptions { Data = shapes, Training = ShapesDataset.Recipe }
            : new RunOptions { Data = data };
        if (data is not null && Path.GetFullPath(data) != Path.GetFullPath(options.Data))
            options = options with { Only = null, Columns = null }; // a list is of one folder
        options = data is null ? options : options with { Data = data };
        if (data is null && Path.GetFullPath(options.Data) == Path.GetFullPath(shapes))
            ShapesDataset.EnsureDrawn(shapes, cancellationToken);

        return options;
    }
}
