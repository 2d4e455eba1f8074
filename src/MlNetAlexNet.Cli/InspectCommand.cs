using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetAlexNet.Cli.Progress;
using MlNetAlexNet.Inspection;

namespace MlNetAlexNet.Cli;

/// <summary><c>alexnet inspect</c>: what would spoil a training, before there is one.</summary>
internal static class InspectCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    private sealed record Document(
        string Folder, bool HasErrors, int Pictures, int Clean, IReadOnlyList<PartCount> Parts, IReadOnlyList<Finding> Findings);

    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("folder")
        {
            Description = "Folder with a folder of pictures for each class, or with train, validation and test of that kind. " + TableFlags.Table,
        };
        var json = new Option<bool>("--json")
        {
            Description = "Print one JSON object: folder, hasErrors, pictures, clean, parts with their classes, findings.",
        };
        var write = new Option<string?>("--write-clean-list")
        {
            Description =
                "Write the pictures to go on with, a path a line, for --only: none that cannot be decoded, no second copy of a picture in "
                + "a class, of copies in several parts those of the test, none of those in several classes.",
            HelpName = "FILE",
        };
        var signs = new Option<int>("--near-signs")
        {
            Description = "Signs of 256 that may differ in the looks of near copies; 0 for exact copies alone.",
            DefaultValueFactory = _ => new InspectionOptions().NearSigns,
            HelpName = "N",
        };
        var only = OnlyFlag.Create();
        var maximumPixels = PixelLimitFlag.Create();
        var command = new Command(
            "inspect", "Finds pictures that cannot be decoded, copies across classes and parts, and more. Exit 2 if training would suffer.")
        {
            folder, json, write, only, signs, maximumPixels,
        };
        var table = new TableFlags(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = new InspectionOptions
            {
                NearSigns = parsed.GetValue(signs),
                MaximumPixels = parsed.GetValue(maximumPixels),
                Only = parsed.GetValue(only) is { } list ? PictureList.Read(list) : null,
                Columns = table.Read(parsed),
            };
            var result = Inspect(parsed.GetRequiredValue(folder), options, terminal, cancellationToken);
            if (parsed.GetValue(write) is { } clean)
                PictureList.Write(clean, result.Clean);

            if (parsed.GetValue(json))
                terminal.Out.WriteLine(AsJson(result));
            else
                InspectionText.Write(terminal.Out, result, parsed.GetValue(write));
            return Task.FromResult(result.HasErrors ? ExitCode.Input : ExitCode.Success);
        });
        return command;
    }

    private static InspectionResult Inspect(string folder, InspectionOptions options, Terminal terminal, CancellationToken cancellationToken)
    {
        using var log = terminal.OpenProgress();
        log.Report(new News("started") { Work = new("looking for the pictures") });
        return FolderInspection.Inspect(
            folder, options, new ProgressHandler<InspectionProgress>(at => log.Report(WorkNews.Tell(at))), cancellationToken);
    }

    private static string AsJson(InspectionResult result) => JsonSerializer.Serialize(
        new Document(result.Folder, result.HasErrors, result.Pictures, result.Clean.Count, result.Parts, result.Findings), Json);
}
