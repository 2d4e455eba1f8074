using System.Globalization;
using MlNetAlexNet.Completion;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.ModelZips;

/// <summary>Makes a whole model of what a file holds, and says what it assumed for it.</summary>
internal static class ModelCompletion
{
    // All of them get a name, and a small file can state any number.
    private const int MostClasses = 1 << 20;

    /// <param name="file">What the file holds.</param>
    /// <param name="options">What the user says.</param>
    /// <param name="beside">What the file beside it says; null if there is none.</param>
    /// <param name="hasOwnEnd">Whether the last function is what the file or the user says, not that of a preset.</param>
    /// <exception cref="AlexNetException">The options do not fit the network, or it is no classifier.</exception>
    public static ModelFileContent Complete(
        ModelFileContent file, ModelFileOptions options, ModelSidecar? beside, bool hasOwnEnd)
    {
        TrainedModel.RequirePictures(file.Plan.Input);
        if (file.Plan.Output.Channels > MostClasses)
        {
            throw new AlexNetException(
                $"The network gives {file.Plan.Output.Channels} numbers; a classifier has {MostClasses} classes at most.");
        }

        file = NetworkEnd.Complete(LayerNames.Free(file), options.LastActivation, hasOwnEnd);
        var assumed = file.Assumed.ToList();
        var (mean, deviation) = ValueUnits.Resolve(options.Mean, options.StandardDeviation, assumed);
        options = options with { Mean = mean, StandardDeviation = deviation };
        if (beside is not null)
            (file, options) = beside.Complete(file, options);

        file = WithRedFirst(file, options, assumed);
        file = AssumedPictures.Complete(file, options, assumed);
        file = WithClasses(file, options, assumed) with { Assumed = assumed };
        _ = file.Model; // refuses what does not fit
        return file;
    }

    private static ModelFileContent WithRedFirst(ModelFileContent file, ModelFileOptions options, List<string> assumed)
    {
        var convention = PictureConvention.Of(file.Origin);
        var custom = file.Plan.Input.Channels == 3 ? convention.ChannelOrder : ChannelOrder.Rgb;
        if ((options.ChannelOrder ?? custom) == ChannelOrder.Rgb)
            return file;

        if (file.Preprocessing is not null || file.Plan.Input.Channels != 3)
        {
            throw new AlexNetException(file.Preprocessing is null
                ? $"The network takes {file.Plan.Input}; only three channels can have blue first."
                : "The file is one of this library, whose networks take red first. Leave ChannelOrder out.")
            {
                Option = nameof(options.ChannelOrder),
            };
        }

        if (options.ChannelOrder is null)
            assumed.Add($"colours blue first ({convention.Source})");
        return file with
        {
            Weights = ReversedChannels.Apply(file.Plan, file.Weights),
            Normalization = file.Normalization is { } own
                ? own with { Mean = [.. own.Mean.Reverse()], StandardDeviation = [.. own.StandardDeviation.Reverse()] }
                : null,
        };
    }

    private static ModelFileContent WithClasses(ModelFileContent file, ModelFileOptions options, List<string> assumed)
    {
        if (file.Classes is { } names)
            file = file with { Classes = CanonicalForms.Compose(names) };
        if (options.RenamedClasses is { } renamed)
            return file with { Classes = ClassNames.Rename(file.Classes, renamed) };

        var outputs = file.Plan.Output.Channels;
        if (options.Classes is null)
        {
            if (file.Classes is null && !options.IsForTraining)
                assumed.Add($"classes named 0 to {outputs - 1}");
            return file with
            {
                Classes = file.Classes ?? [.. Enumerable.Range(0, outputs).Select(i => i.ToString(CultureInfo.InvariantCulture))],
            };
        }

        var classes = ClassNames.Number([.. options.Classes.Select(CanonicalForms.Compose)], assumed);
        if (classes.Count != outputs)
        {
            throw new AlexNetException($"The network has {outputs} outputs, and {classes.Count} classes are given; they must be as many.")
            {
                Option = nameof(options.Classes),
            };
        }

        if (file.Classes is { } own && ClassNames.FindOrder(own, classes) is { } order)
        {
            var (plan, weights) = LastUnits.Choose(file.Plan, file.Weights, order);
            file = file with { Plan = plan, Weights = weights };
            assumed.Add("the outputs in the order of the classes given");
        }

        return file with { Classes = classes };
    }
}
