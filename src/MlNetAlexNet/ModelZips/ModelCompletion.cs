using System.Globalization;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.ModelZips;

/// <summary>Makes a whole model of what a file holds, and says what it assumed for it.</summary>
internal static class ModelCompletion
{
    // Crops of about 224 are cut out of 256 (Krizhevsky 2012, section 2); other networks are given the whole picture.
    private const int SmallestCrop = 200;

    /// <exception cref="AlexNetException">The options do not fit the network.</exception>
    public static ModelFileContent Complete(ModelFileContent file, ModelFileOptions options)
    {
        file = ForScoring(file);
        var assumed = new List<string>(file.Assumed);
        var preprocessing = file.Preprocessing is { } own
            ? own with
            {
                Mean = options.Mean ?? own.Mean,
                StandardDeviation = options.StandardDeviation ?? own.StandardDeviation,
            }
            : Assumed(file, options, assumed);
        var classes = options.Classes ?? file.Classes;
        if (classes is null && !options.IsForTraining)
            assumed.Add($"classes named 0 to {file.Plan.Output.Channels - 1}");

        var complete = file with
        {
            Preprocessing = preprocessing,
            Classes = classes ?? [.. Enumerable.Range(0, file.Plan.Output.Channels)
                .Select(i => i.ToString(CultureInfo.InvariantCulture))],
            Assumed = assumed,
        };
        _ = complete.Model; // refuses what does not fit
        return complete;
    }

    private static ImagePreprocessing Assumed(ModelFileContent file, ModelFileOptions options, List<string> assumed)
    {
        var (mean, deviation, source) = Normalization(file, options);
        if (options.Mean is null)
            assumed.Add($"a mean of {Numbers(mean)}{source}");
        if (options.StandardDeviation is null)
            assumed.Add($"a deviation of {Numbers(deviation)}{source}");

        var side = file.Plan.Input.Height;
        var isCrop = options.IsForTraining || (side <= ImagePreprocessing.DefaultImageSize && side >= SmallestCrop);
        if (!isCrop)
            assumed.Add($"whole pictures, scaled to {side}x{side}");

        return new ImagePreprocessing(side, options.Mean ?? mean, options.StandardDeviation ?? deviation)
        {
            ImageSize = options.IsForTraining ? ImagePreprocessing.ChooseImageSize(side)
                : isCrop ? ImagePreprocessing.DefaultImageSize
                : side,
        };
    }

    private static (IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation, string Source) Normalization(
        ModelFileContent file, ModelFileOptions options)
    {
        if (options.Preset?.Preprocessing is { } preset)
            return (preset.Mean, preset.StandardDeviation, $" ({options.Preset.Name})");

        return options.Preset is null && TorchvisionLayout.Fits(file.Plan)
            && AlexNet.GetPreset("torchvision").Preprocessing is { } imageNet
                ? (imageNet.Mean, imageNet.StandardDeviation, " (torchvision)")
                : ([0, 0, 0], [255, 255, 255], " (values from 0 to 1)");
    }

    // The graph that scores has names of its own, and ends in probabilities: layers called so are given new names, and
    // one that ends in logits as PyTorch's do, whose loss has the softmax in it as in training here, a softmax.
    private static ModelFileContent ForScoring(ModelFileContent file)
    {
        var names = file.Plan.Select(layer => layer.Name).ToHashSet();
        var newNames = names.Where(OnnxNames.Taken.Contains).ToArray().ToDictionary(name => name, NewName);
        var addsSoftmax = file.Plan[^1].Layer is Dense { Activation: Activation.Linear };
        if (newNames.Count == 0 && !addsSoftmax)
            return file;

        var plan = file.Plan.Rewrite(planned =>
        {
            var layer = addsSoftmax && planned == file.Plan[^1] && planned.Layer is Dense last
                ? last with { Activation = Activation.Softmax }
                : planned.Layer;
            return layer with { Name = newNames.GetValueOrDefault(planned.Name, planned.Name) };
        });
        var weights = plan.Weights.Zip(
            file.Plan.Weights, (own, old) => KeyValuePair.Create(own.Key, file.Weights[old.Key]));
        IEnumerable<string> assumed = addsSoftmax ? ["a softmax over what the last layer gives"] : [];
        return file with { Plan = plan, Weights = new WeightSet(weights), Assumed = [.. file.Assumed, .. assumed] };

        string NewName(string name)
        {
            for (var number = 1; ; number++)
            {
                if (names.Add($"{name}_{number}"))
                    return $"{name}_{number}";
            }
        }
    }

    private static string Numbers(IReadOnlyList<float> values) => string.Join(
        ",", values.Distinct().Take(2).Count() == 1 ? values.Take(1).Select(Number) : values.Select(Number));

    private static string Number(float value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
