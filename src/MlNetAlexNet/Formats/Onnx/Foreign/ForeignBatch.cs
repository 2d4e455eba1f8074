namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>
/// Shapes of the batch's size and one number more, as PyTorch's exporter writes <c>x.view(x.size(0), -1)</c>: the first
/// side of a value's shape, made a list and joined with a constant.
/// </summary>
internal sealed class ForeignBatch
{
    private readonly HashSet<string> _shapes = [];
    private readonly HashSet<string> _sizes = [];
    private readonly Dictionary<string, long> _flat = [];

    /// <summary>Takes in a node, after those it uses.</summary>
    /// <param name="node">The node.</param>
    /// <param name="constants">Constant integers by name; null if there are none.</param>
    public void Add(ForeignNode node, Func<string, IReadOnlyList<long>?> constants)
    {
        if (node.Outputs is not [var output])
            return;

        switch (node.Operator, node.Inputs)
        {
            case ("Shape", [var value]) when constants(value) is null && !node.Has("start"):
                _shapes.Add(output);
                break;
            case ("Gather", [var shape, var index]) when _shapes.Contains(shape) && constants(index) is [0]:
            // a slice of the first side alone, as TensorFlow's converter writes it
            case ("Slice", [var whole, var start, var end, ..])
                when _shapes.Contains(whole) && constants(start) is [0] && constants(end) is [1]:
                _sizes.Add(output);
                break;
            case ("Unsqueeze" or "Squeeze" or "Cast", [var size, ..]) when _sizes.Contains(size):
                _sizes.Add(output);
                break;
            case ("Cast", [var list]) when _shapes.Contains(list):
                _shapes.Add(output);
                break;
            case ("Cast", [var flat]) when _flat.TryGetValue(flat, out var width):
                _flat[output] = width;
                break;
            case ("Concat", [var first, var second]) when _sizes.Contains(first) && constants(second) is [var other]:
                _flat[output] = other;
                break;
        }
    }

    /// <summary>Whether the name is a part of such a shape, not a value of the chain.</summary>
    public bool Contains(string name) => _shapes.Contains(name) || _sizes.Contains(name) || _flat.ContainsKey(name);

    /// <summary>The number beside the batch's size.</summary>
    public bool TryGetWidth(string name, out long width) => _flat.TryGetValue(name, out width);
}
