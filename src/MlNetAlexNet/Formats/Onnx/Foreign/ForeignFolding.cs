using Onnx;

namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>
/// Works out nodes over constant integers, such as PyTorch's exporter computes the sides of a padding with
/// (torch/onnx/symbolic_opset11.py, <c>_prepare_onnx_paddings</c>).
/// </summary>
internal static class ForeignFolding
{
    /// <summary>Integers in a list that is worked with.</summary>
    public const int Most = 64;

    /// <summary>What the node gives; null if it is none of these, or not over constants alone.</summary>
    /// <param name="node">The node.</param>
    /// <param name="constants">The 64-bit integers of that name, with their sides; null if there are none.</param>
    public static TensorProto? Fold(ForeignNode node, Func<string, TensorProto?> constants)
    {
        var inputs = node.Inputs.Where(name => name.Length > 0).Select(constants).ToArray();
        if (inputs.Length == 0 || inputs.Any(input => input is null))
            return null;

        return (node.Operator, inputs) switch
        {
            ("ConstantOfShape", [{ Int64Data: [>= 0 and <= Most and var count] }])
                when node.Tensor("value") is null or { DataType: 7, RawData.Length: sizeof(long) } =>
                Tensor(Enumerable.Repeat(
                    node.Tensor("value") is { } value ? BitConverter.ToInt64(value.RawData.Span) : 0, (int)count)),
            ("Concat", _) when inputs.All(input => input!.Dims.Count == 1) =>
                Tensor(inputs.SelectMany(input => input!.Int64Data)),
            ("Cast", [var same]) when node.Integer("to", 0) == 7 => same,
            ("Reshape", [var data, { Int64Data: [-1] }]) => Tensor(data!.Int64Data),
            ("Reshape", [var data, { Int64Data: [-1, > 0 and var columns] }]) when data!.Int64Data.Count % columns == 0 =>
                Tensor(data.Int64Data, data.Int64Data.Count / columns, columns),
            // all rows, the last first
            ("Slice", [{ Dims: [_, var columns] } data, ..]) when IsReversal(inputs) =>
                Tensor(data.Int64Data.Chunk((int)columns).Reverse().SelectMany(row => row), [.. data.Dims]),
            ("Transpose", [{ Dims: [var rows, var columns] } data]) when node.Integers("perm") is [1, 0] =>
                Tensor(
                    from column in Enumerable.Range(0, (int)columns)
                    from row in Enumerable.Range(0, (int)rows)
                    select data.Int64Data[row * (int)columns + column],
                    columns,
                    rows),
            _ => null,
        };
    }

    // From -1 to before the beginning on axis 0, in steps of -1.
    private static bool IsReversal(TensorProto?[] slice) => slice is
        [_, { Int64Data: [-1] }, { Int64Data: [< -Most] }, { Int64Data: [0] }, { Int64Data: [-1] }];

    private static TensorProto Tensor(IEnumerable<long> values, params long[] sides)
    {
        var tensor = new TensorProto { DataType = (int)TensorProto.Types.DataType.Int64 };
        tensor.Int64Data.AddRange(values);
        tensor.Dims.AddRange(sides is [] ? [tensor.Int64Data.Count] : sides);
        return tensor;
    }
}
