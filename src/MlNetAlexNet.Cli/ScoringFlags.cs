using System.CommandLine;
using System.CommandLine.Parsing;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Cli;

/// <summary>The flags of the commands that score: what the model is, and what computes it.</summary>
internal sealed class ScoringFlags
{
    private readonly ModelFlags _model;

    private readonly Option<ScoringDevice> _device = new("--device")
    {
        Description = "What scores: the processor, or the CUDA card of that number, the first if none is given.",
        HelpName = "cpu|cuda[:N]",
        DefaultValueFactory = _ => ScoringDevice.Cpu,
        CustomParser = Parse,
    };

    private readonly Option<long> _maximumPixels = PixelLimitFlag.Create();

    public ScoringFlags(Command command)
    {
        _model = new ModelFlags(command);
        command.Add(_device);
        command.Add(_maximumPixels);
    }

    /// <summary>A classifier of any file that holds a model; what was assumed for it goes to the errors.</summary>
    public ImageClassifier Open(ParseResult parsed, string path, Terminal terminal)
    {
        var scoring = new ScoringOptions
        {
            Device = parsed.GetValue(_device),
            MaximumPixels = parsed.GetValue(_maximumPixels),
        };
        var classifier = ImageClassifier.Open(path, _model.Read(parsed), out var assumed, scoring);
        if (assumed.Count > 0)
            terminal.Error.WriteLine(ModelFlags.Assumed(assumed));
        if (ViewFlags.Describe(classifier.Views) is { } views)
            terminal.Error.WriteLine(views);
        return classifier;
    }

    private static ScoringDevice Parse(ArgumentResult result)
    {
        try
        {
            return ScoringDevice.Parse(result.Tokens[0].Value);
        }
        catch (AlexNetException fault)
        {
            result.AddError(fault.Message);
            return ScoringDevice.Cpu;
        }
    }
}
