namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>Constants that each channel is multiplied with, and then added to it.</summary>
internal sealed record ForeignAffine(IReadOnlyList<double> Factors, IReadOnlyList<double> Summands)
{
    /// <summary>Whether nothing is multiplied.</summary>
    public bool IsSum => Factors.All(factor => factor == 1);

    /// <summary>Whether nothing is added.</summary>
    public bool IsProduct => Summands.All(summand => summand == 0);

    /// <summary>Whether the factors can be divisions by deviations.</summary>
    public bool IsOfDeviations => Factors.All(factor => factor > 0);

    /// <summary>What leaves every channel as it is.</summary>
    public static ForeignAffine None(int channels) =>
        new([.. Enumerable.Repeat(1.0, channels)], [.. Enumerable.Repeat(0.0, channels)]);

    /// <summary>Both, one after the other.</summary>
    public ForeignAffine Then(ForeignAffine next) => new(
        [.. Factors.Zip(next.Factors, (first, second) => first * second)],
        [.. Summands.Select((summand, channel) => summand * next.Factors[channel] + next.Summands[channel])]);

    /// <summary>An Add, Sub, Mul or Div with a constant that has a value for each channel, or one for all.</summary>
    /// <param name="node">The node.</param>
    /// <param name="constants">The graph's constants.</param>
    /// <param name="view">The axes of the other operand.</param>
    public static ForeignAffine Read(ForeignNode node, ForeignConstants constants, ForeignView view)
    {
        var name = node.Inputs.FirstOrDefault(constants.Contains)
            ?? throw node.Refused("is not over a constant");
        var constantFirst = name == node.Input(0);
        var values = view.Broadcast(node, constants.Weight(node, name));
        var none = None(values.Count);
        return node.Operator switch
        {
            "Add" => none with { Summands = values },
            "Sub" when constantFirst => new([.. values.Select(_ => -1.0)], values),
            "Sub" => none with { Summands = [.. values.Select(value => -value)] },
            "Mul" => none with { Factors = values },
            "Div" when !constantFirst && !values.Contains(0) => none with { Factors = [.. values.Select(value => 1 / value)] },
            _ => throw node.Refused("divides a constant, or by 0"),
        };
    }

    /// <summary>
    /// The same as (value - mean) / deviation of values from 0 to 255; null if it leaves values of unknown units as they
    /// are. Needs <see cref="IsOfDeviations"/>.
    /// </summary>
    /// <param name="source">What does it, in words.</param>
    /// <param name="ofBytes">Whether the graph itself says that values are from 0 to 255.</param>
    public ValueNormalization? ToNormalization(string source, bool ofBytes)
    {
        if (IsSum && IsProduct && !ofBytes)
            return null;

        var means = Factors.Zip(Summands, (factor, summand) => -summand / factor).ToArray();
        var deviations = Factors.Select(factor => 1 / factor).ToArray();

        // Means and deviations up to 1 are of values from 0 to 1, as PyTorch's are; Keras' are 127.5 or 255.
        var isOfUnits = !ofBytes && means.All(mean => Math.Abs(mean) <= 1) && deviations.All(deviation => deviation <= 1);
        var scale = isOfUnits ? 255 : 1;
        return new(
            [.. means.Select(mean => (float)(mean * scale))],
            [.. deviations.Select(deviation => (float)(deviation * scale))],
            isOfUnits ? $"{source}, of values from 0 to 1" : source);
    }
}
