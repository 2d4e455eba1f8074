using Google.Protobuf;
using Onnx;

namespace MlNetAlexNet.Formats.Onnx.Graph;

/// <summary>
/// A model without its large weights, to be looked at and changed, and where in its bytes those lie. A parser of the whole
/// makes a copy of them, and its writer another.
/// </summary>
internal sealed class SplitOnnx
{
    private const int LargeBytes = 1024;

    private static readonly uint s_graph = Tag(ModelProto.GraphFieldNumber);
    private static readonly uint s_weight = Tag(GraphProto.InitializerFieldNumber);

    private readonly List<(int Start, int Length)> _weights = [];

    /// <param name="onnx">The bytes of the whole model.</param>
    /// <exception cref="InvalidProtocolBufferException">They are no ONNX.</exception>
    /// <exception cref="EndOfStreamException">They are cut short.</exception>
    public SplitOnnx(byte[] onnx)
    {
        var (model, graph) = (new MemoryStream(), new MemoryStream());
        using var fields = new CodedInputStream(onnx);
        for (var start = 0; fields.ReadTag() is not 0 and var tag; start = (int)fields.Position)
        {
            if (tag == s_graph)
            {
                ReadGraph(fields, onnx, graph);
                continue;
            }

            fields.SkipLastField();
            model.Write(onnx, start, (int)fields.Position - start);
        }

        Small = ModelProto.Parser.ParseFrom(model.ToArray());
        Small.Graph = GraphProto.Parser.ParseFrom(graph.ToArray());
    }

    /// <summary>The model without those weights.</summary>
    public ModelProto Small { get; }

    /// <summary>How many bytes <see cref="WriteTo"/> writes.</summary>
    public long Length
    {
        get
        {
            using var counter = new MemoryStream();
            WriteStart(counter);
            return counter.Length + WeightBytes;
        }
    }

    private int WeightBytes => _weights.Sum(weight => weight.Length);

    /// <summary>Writes the model with them, the large ones at the end of the graph and of all.</summary>
    /// <param name="stream">Takes it.</param>
    /// <param name="onnx">The same bytes again.</param>
    public void WriteTo(Stream stream, byte[] onnx)
    {
        WriteStart(stream);
        foreach (var (start, length) in _weights)
            stream.Write(onnx, start, length);
    }

    private void WriteStart(Stream stream)
    {
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        new ModelProto(Small) { Graph = null }.WriteTo(output);
        output.WriteTag(s_graph);
        output.WriteLength(checked(Small.Graph.CalculateSize() + WeightBytes));
        Small.Graph.WriteTo(output);
    }

    private void ReadGraph(CodedInputStream fields, byte[] onnx, MemoryStream rest)
    {
        var length = fields.ReadLength();
        var end = fields.Position + length;
        if (length < 0 || end > onnx.Length)
            throw new EndOfStreamException();

        while (fields.Position < end)
        {
            var start = (int)fields.Position;
            var tag = fields.ReadTag();
            fields.SkipLastField();
            var bytes = (int)fields.Position - start;
            if (tag == s_weight && bytes >= LargeBytes)
                _weights.Add((start, bytes));
            else
                rest.Write(onnx, start, bytes);
        }

        if (fields.Position > end)
            throw new EndOfStreamException();
    }

    private static uint Tag(int field) => WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited);
}
