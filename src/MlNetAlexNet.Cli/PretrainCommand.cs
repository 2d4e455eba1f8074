using System.CommandLine;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Cli;

/// <summary><c>alexnet pretrain</c>: any photographs to weights to start from.</summary>
internal static class PretrainCommand
{
    public static Command Create(Terminal terminal)
    {
        var photos = new Argument<string>("photos")
        {
            Description = "Folder with pictures of any kind, in folders of any name and depth: no labels are used.",
        };
        var command = new Command(
            "pretrain",
            "Trains a network to give the features of a teacher on pictures without labels: weights for 'train --initial-weights'.")
        {
            photos,
        };
        var run = new RunFlags(command);
        var flags = new TrainFlags(command, Recipes.Pretrain.Training, hasClasses: false);
        command.SetAction((parsed, cancellationToken) =>
        {
            var bare = run.Apply(parsed, new RunOptions { Data = parsed.GetValue(photos)!, Pretrain = true });
            var started = bare with { Start = flags.Apply(parsed, bare.WithRecipe(Recipes.Pretrain)).Start };
            var options = flags.Apply(parsed, started.WithRecipe(Recipes.Pretrain));
            return Task.FromResult(run.Execute(terminal, parsed, options, TrainingRun.Execute, first: null, cancellationToken));
        });
        return command;
    }
}
