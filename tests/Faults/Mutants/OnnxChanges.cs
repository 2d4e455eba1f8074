using Google.Protobuf;
using Onnx;

namespace MlNetAlexNet.Faults.Mutants;

/// <summary>Changes of a graph's nodes, weights, ends and notes; what comes out is still a message of ONNX.</summary>
internal static class OnnxChanges
{
    private static readonly long[] s_numbers = [0, -1, 1, 2, 1L << 31, 1L << 62, long.MaxValue, long.MinValue];

    private static readonly string[] s_texts =
        ["", "Pixels", "Score", "Loop", "If", "\0", new('x', 1_000_000), "../../../etc/passwd", "/etc/passwd", "é\uFFFD"];

    public static byte[] Apply(byte[] whole, Random random)
    {
        var model = ModelProto.Parser.ParseFrom(whole);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
            Change(model, random);
        return model.ToByteArray();
    }

    private static void Change(ModelProto model, Random random)
    {
        var graph = model.Graph;
        var node = Any(graph.Node);
        var tensor = Any(graph.Initializer);
        switch (random.Next(16))
        {
            case 0: SetAny(tensor.Dims, Number()); break;
            case 1: tensor.Dims.Add(Number()); break;
            case 2: tensor.DataType = random.Next(-1, 24); break;
            case 3: tensor.RawData = ByteString.CopyFrom(new byte[random.Next(64)]); break;
            case 4: ReferOutside(tensor); break;
            case 5: node.OpType = s_texts[random.Next(s_texts.Length)]; break;
            case 6: SetAny(node.Input, random.Next(2) == 0 ? Text() : Any(graph.Node).Output[0]); break; // a circle, maybe
            case 7: SetAny(node.Output, Text()); break;
            case 8: SetAttribute(node); break;
            case 9: graph.Node.Remove(node); break;
            case 10: graph.Node.Add(node.Clone()); break;
            case 11: graph.Initializer.Add(tensor.Clone()); break;
            case 12: SetShape(Any(random.Next(2) == 0 ? graph.Input : graph.Output)); break;
            case 13: SetNote(); break;
            case 14: node.Attribute.Add(Nest(random.Next(1, 400))); break;
            default: model.OpsetImport[0].Version = Number(); break;
        }

        long Number() => s_numbers[random.Next(s_numbers.Length)];

        string Text() => s_texts[random.Next(s_texts.Length)];

        T Any<T>(IList<T> list) => list[random.Next(list.Count)];

        void SetAny<T>(IList<T> list, T value)
        {
            if (list.Count > 0)
                list[random.Next(list.Count)] = value;
        }

        void SetAttribute(NodeProto one)
        {
            if (one.Attribute.Count == 0)
                return;

            var attribute = Any(one.Attribute);
            attribute.I = Number();
            attribute.F = float.NaN;
            SetAny(attribute.Ints, Number());
            SetAny(attribute.Strings, ByteString.CopyFromUtf8(Text()));
        }

        void SetShape(ValueInfoProto end)
        {
            var shape = end.Type?.TensorType?.Shape;
            if (shape?.Dim.Count > 0 && random.Next(2) == 0)
                Any(shape.Dim).DimValue = Number();
            else if (end.Type?.TensorType is { } type)
                type.ElemType = random.Next(-1, 24);
        }

        void SetNote()
        {
            if (model.MetadataProps.Count == 0 || random.Next(4) == 0)
                model.ProducerName = Text();
            else
                Any(model.MetadataProps).Value = random.Next(2) == 0 ? Text() : new string('[', 100_000);
        }
    }

    private static void ReferOutside(TensorProto tensor)
    {
        tensor.RawData = ByteString.Empty;
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "../../../../etc/passwd" });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = "9000000000000000000" });
    }

    // Graphs in attributes of nodes of graphs.
    private static AttributeProto Nest(int depth)
    {
        var inner = new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Int, I = 1 };
        for (; depth > 0; depth--)
        {
            var graph = new GraphProto { Name = "g" };
            graph.Node.Add(new NodeProto { OpType = "If", Attribute = { inner } });
            inner = new AttributeProto { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = graph };
        }

        return inner;
    }
}
