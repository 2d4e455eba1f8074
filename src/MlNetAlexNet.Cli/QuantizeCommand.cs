using System.CommandLine;
using MlNetAlexNet.Cli.Progress;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Cli;

/// <summary><c>alexnet quantize</c>: a float32 model zip to an int8 one.</summary>
internal static class QuantizeCommand
{
    public static Command Create(Terminal terminal)
    {
        var standard = new QuantizationOptions { Model = "", Output = "" };
        var model = new Argument<string>("model") { Description = "Model zip of a run, float32.", HelpName = "MODEL.zip" };
        var folder = new Argument<string?>("folder")
        {
            Description =
                "The pictures it was trained on: calibrated on those for training, compared on those for validation. " + TableFlags.Table + " " +
                "Default: the folder and the split of the options.json beside the zip.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Zip to write. Default: MODEL-int8.zip beside it.", HelpName = "ZIP",
        };
        var loss = new Option<double>("--maximum-loss")
        {
            Description = "Most points of top-1 accuracy that may be lost; beyond them, if not by luck, nothing is written.",
            DefaultValueFactory = _ => standard.MaximumLoss,
            HelpName = "POINTS",
        };
        var agreement = new Option<double>("--minimum-agreement")
        {
            Description = "Least share of the validation pictures that must get the same class; below it, if not by luck, nothing is written.",
            DefaultValueFactory = _ => standard.MinimumAgreement,
            HelpName = "SHARE",
        };
        var count = new Option<int>("--calibration-pictures")
        {
            Description = "Training pictures to learn the ranges of the activations from.",
            DefaultValueFactory = _ => standard.CalibrationPictures,
            HelpName = "N",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the zip to write where there is one." };
        var skip = new Option<bool>("--skip-bad-images")
        {
            Description = "Leave pictures out that cannot be decoded; as well if the options.json beside the zip says so.",
        };
        var maximumPixels = PixelLimitFlag.Create();
        var seed = new Option<int>("--seed")
        {
            Description = "Draws the calibration pictures.",
            DefaultValueFactory = _ => standard.Seed,
            HelpName = "N",
        };
        var command = new Command("quantize", "Makes an int8 model zip: a quarter of the size, several times as fast.")
        {
            model, folder, output, overwrite, loss, agreement, count, skip, maximumPixels, seed,
        };
        var table = new TableFlags(command);
        var format = LogFormatFlag.Create();
        command.Add(format);
        command.SetAction((parsed, cancellationToken) =>
        {
            var zip = parsed.GetRequiredValue(model);
            var run = Run(zip, parsed.GetValue(folder));
            run = run with { Columns = table.Read(parsed, run.Columns) };
            var target = parsed.GetValue(output) ?? Path.ChangeExtension(zip, null) + "-int8.zip";
            if (target.Length > 0)
                ModelFile.RequireWritable(target, parsed.GetValue(overwrite));

            var options = new QuantizationOptions
            {
                Model = zip,
                Output = target,
                MaximumLoss = parsed.GetValue(loss),
                MinimumAgreement = parsed.GetValue(agreement),
                CalibrationPictures = parsed.GetValue(count),
                SkipBadImages = run.SkipBadImages || parsed.GetValue(skip),
                MaximumPixels = parsed.GetResult(maximumPixels) is { Implicit: false } ? parsed.GetValue(maximumPixels) : run.MaximumPixels,
                Seed = parsed.GetValue(seed),
            };
            using var log = terminal.OpenProgress(LogFormatFlag.Read(parsed));
            log.Report(new News("started") { Work = new("looking for the pictures") });
            var pictures = run.OpenData(cancellationToken);
            if (pictures.OtherFiles.Count > 0)
                log.Report(ResultNews.Tell(pictures.OtherFiles));
            var result = QuantizationGate.Quantize(
                options, pictures, new ProgressHandler<QuantizationProgress>(at => log.Report(WorkNews.Tell(at))), cancellationToken);
            foreach (var news in ResultNews.Tell(result))
                log.Report(news);
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    // What is said of the pictures by the run that made the zip.
    private static RunOptions Run(string zip, string? folder)
    {
        if (!File.Exists(zip))
            throw new AlexNetException($"The model '{zip}' does not exist.");

        var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(zip))!, "options.json");
        var run = File.Exists(file) ? OptionsFile.Read(file)
            : folder is not null ? new RunOptions { Data = folder }
            : throw new AlexNetException(
                $"There is no options.json beside '{zip}' that names its pictures. Give their folder after the zip.");
        return folder is null ? run : run with { Data = folder, Only = null, Columns = null };
    }
}
