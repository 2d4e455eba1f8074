using MlNetAlexNet.Layers;
using Onnx;

namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>One node of a graph, its attributes with the defaults of the ONNX specification.</summary>
internal sealed class ForeignNode(NodeProto node)
{
    public string Operator => node.Domain is "" or "ai.onnx" ? node.OpType : $"{node.Domain}.{node.OpType}";

    public IReadOnlyList<string> Inputs => node.Input;

    public IReadOnlyList<string> Outputs => node.Output;

    public override string ToString() =>
        $"'{(node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault())}' ({Operator})";

    /// <summary>The name of an optional input; null where it is left out.</summary>
    public string? Input(int index) =>
        index < node.Input.Count && node.Input[index].Length > 0 ? node.Input[index] : null;

    public bool Has(string attribute) => Find(attribute) is not null;

    public long Integer(string attribute, long standard) => Find(attribute)?.I ?? standard;

    public double Float(string attribute, double standard) =>
        Find(attribute) is { } found ? Decimals.AsWritten(found.F) : standard;

    public string Text(string attribute, string standard) => Find(attribute)?.S.ToStringUtf8() ?? standard;

    public TensorProto? Tensor(string attribute) => Find(attribute)?.T;

    public IReadOnlyList<float> Floats(string attribute) => Find(attribute)?.Floats ?? [];

    public IReadOnlyList<long> Integers(string attribute) => Find(attribute)?.Ints ?? [];

    /// <summary>Height and width.</summary>
    public Size2D Size(string attribute, Size2D? standard) => Find(attribute)?.Ints switch
    {
        null => standard ?? throw Refused($"has no '{attribute}'"),
        [>= 1 and <= short.MaxValue, >= 1 and <= short.MaxValue] and [var height, var width] => ((int)height, (int)width),
        var other => throw Refused(
            $"has [{string.Join(", ", other.Take(5))}] as '{attribute}'; a layer over images has two numbers from 1"),
    };

    /// <summary>A number that counts something.</summary>
    public int Side(long value) => value is >= 0 and <= 1 << 24
        ? (int)value
        : throw Refused($"has the number {value} where a count belongs");

    /// <summary>Refuses the node unless the attribute is missing or has that value.</summary>
    public void Require(string attribute, long value)
    {
        if (Integer(attribute, value) is var other && other != value)
            throw Refused($"has {attribute} = {other}; only {value} can be taken over");
    }

    public AlexNetException Refused(string why) => new($"its node {this} {why}.");

    private AttributeProto? Find(string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);
}
