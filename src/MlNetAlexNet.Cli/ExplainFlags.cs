using System.CommandLine;
using MlNetAlexNet.Explanation;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Cli;

/// <summary>The flags of <c>predict</c> that explain: what, and where the overlays go.</summary>
internal sealed class ExplainFlags
{
    private readonly Option<bool> _explain = new("--explain")
    {
        Description = "Write an overlay of each picture that shows where the evidence for its most probable class is. 170 passes a picture.",
    };

    private readonly Option<string?> _class = new("--explain-class")
    {
        Description = "With --explain, the class to look for evidence of. Default: the most probable one.", HelpName = "CLASS",
    };

    private readonly Option<string> _output = new("--explain-output")
    {
        Description = "With --explain, the folder of the overlays: NAME.explain.png for each picture, in folders as the pictures are.",
        DefaultValueFactory = _ => "explanations",
        HelpName = "DIR",
    };

    public ExplainFlags(Command command)
    {
        command.Add(_explain);
        command.Add(_class);
        command.Add(_output);
        foreach (var option in new Option[] { _class, _output })
        {
            option.Validators.Add(result =>
            {
                if (!result.Implicit && !result.GetValue(_explain))
                    result.AddError($"{option.Name} does nothing without --explain. Leave it out, or give that.");
            });
        }
    }

    /// <summary>What explains and where the overlays go, checked; null where nothing is to be explained.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="classifier">The model.</param>
    /// <param name="pictures">The pictures.</param>
    /// <exception cref="AlexNetException">The class is not known, or an overlay would replace something else.</exception>
    public (OcclusionExplainer Explainer, IReadOnlyDictionary<string, string> Overlays)? Read(
        ParseResult parsed, ImageClassifier classifier, IReadOnlyCollection<string> pictures)
    {
        if (!parsed.GetValue(_explain))
            return null;

        var explainer = Explainer(classifier, parsed.GetValue(_class));
        var overlays = OverlayPaths.Choose(parsed.GetValue(_output)!, pictures);
        foreach (var path in overlays.Values)
            OcclusionMap.RequireReplaceable(path);
        return (explainer, overlays);
    }

    private OcclusionExplainer Explainer(ImageClassifier classifier, string? name)
    {
        try
        {
            return new OcclusionExplainer(classifier, new ExplanationOptions { Class = name });
        }
        catch (AlexNetException fault) when (fault.Option == nameof(ExplanationOptions.Class))
        {
            throw new AlexNetException($"{fault.Message} The flag for that is {_class.Name}.", fault);
        }
    }
}
