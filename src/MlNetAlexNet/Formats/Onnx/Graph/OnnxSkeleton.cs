using System.Buffers.Binary;
using Google.Protobuf;
using Onnx;

namespace MlNetAlexNet.Formats.Onnx.Graph;

/// <summary>
/// Parses an ONNX file without its large weights: their bytes stay where they are, and the tensors say so as ONNX does
/// for weights in other files (<see cref="ExternalData"/>). A parser that reads them makes 2.5 copies on the way.
/// </summary>
internal static class OnnxSkeleton
{
    private const int LargeBytes = 1024;

    // onnx.proto: ModelProto.graph, GraphProto.initializer, TensorProto.raw_data
    private static readonly int[] s_path = [7, 5, 9];

    // Of nodes, weights, inputs and outputs: the parser makes an object of each, which takes fifty
    // times the two bytes of an empty one. The largest networks have some ten thousand.
    private const int MostFields = 1 << 17;

    // The tags of ModelProto's numbers, and of its texts and messages. A model has some dozens, one for each function.
    private static readonly ulong[] s_numbers = [1 << 3, 5 << 3];
    private static readonly ulong[] s_others = [.. new ulong[] { 2, 3, 4, 6, 7, 8, 14, 20, 25, 26 }.Select(Tag)];

    /// <summary>Whether a file is a model with a graph, by its outermost fields; what they hold is passed over.</summary>
    public static bool Recognizes(string path)
    {
        using var file = File.OpenRead(path);
        try
        {
            var hasGraph = false;
            for (var fields = 0; file.Position < file.Length && fields < MostFields; fields++)
            {
                var (tag, number) = (Number(file), (long)Number(file)); // of texts and messages it is the length
                if (s_numbers.Contains(tag))
                    continue;

                if (!s_others.Contains(tag) || number < 0 || number > file.Length - file.Position)
                    return false;

                hasGraph |= tag == Tag((ulong)s_path[0]);
                file.Position += number;
            }

            return hasGraph && file.Position == file.Length;
        }
        catch (Exception fault) when (fault is AlexNetException or EndOfStreamException)
        {
            return false;
        }
    }

    /// <exception cref="AlexNetException">The file is no ONNX model.</exception>
    /// <exception cref="EndOfStreamException">It is cut short.</exception>
    public static ModelProto Parse(FileStream file) => ParseWhole(Message(file, file.Length, depth: 0));

    private static ulong Tag(ulong field) => (field << 3) | 2;

    /// <summary>Parses an ONNX model with all of its weights, to the end of the stream.</summary>
    /// <exception cref="AlexNetException">The stream is no ONNX model.</exception>
    public static ModelProto ParseWhole(Stream stream)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new AlexNetException($"The data is no ONNX model: {fault.Message}", fault);
        }
    }

    // The message up to that place in the file, as a stream at its beginning.
    private static MemoryStream Message(FileStream file, long end, int depth)
    {
        var message = new MemoryStream();
        using var output = new CodedOutputStream(message, leaveOpen: true);
        for (var fields = 0; file.Position < end; fields++)
        {
            if (fields > MostFields)
                throw TooMany();

            var tag = Number(file);
            output.WriteUInt64(tag);
            if ((tag & 7) != 2)
            {
                CopyNumber(file, output, tag);
                continue;
            }

            var length = (long)Number(file);
            if (length < 0 || length > end - file.Position)
                throw new EndOfStreamException();

            if (tag >> 3 != (ulong)s_path[depth])
            {
                output.WriteBytes(Bytes(file, length));
            }
            else if (depth < s_path.Length - 1)
            {
                output.WriteBytes(ByteString.FromStream(Message(file, file.Position + length, depth + 1)));
            }
            else if (length < LargeBytes)
            {
                output.WriteBytes(Bytes(file, length));
            }
            else
            {
                output.WriteBytes(ByteString.Empty);
                output.WriteRawMessage(Elsewhere(file, length));
                file.Position += length;
            }
        }

        output.Flush();
        message.Position = 0;
        return message;
    }

    private static AlexNetException TooMany() => new($"its graph has more than {MostFields} nodes and weights.");

    // The fields of a tensor that say where its numbers are.
    private static TensorProto Elsewhere(FileStream file, long length) => new TensorProto
    {
        DataLocation = TensorProto.Types.DataLocation.External,
        ExternalData =
        {
            new StringStringEntryProto { Key = "location", Value = Path.GetFileName(file.Name) },
            new StringStringEntryProto { Key = "offset", Value = FormattableString.Invariant($"{file.Position}") },
            new StringStringEntryProto { Key = "length", Value = FormattableString.Invariant($"{length}") },
        },
    };

    private static void CopyNumber(FileStream file, CodedOutputStream output, ulong tag)
    {
        switch (tag & 7)
        {
            case 0: output.WriteUInt64(Number(file)); break;
            case 1: output.WriteFixed64(BinaryPrimitives.ReadUInt64LittleEndian(Bytes(file, 8).Span)); break;
            case 5: output.WriteFixed32(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(file, 4).Span)); break;
            default: throw new AlexNetException("the data is no ONNX model.");
        }
    }

    private static ByteString Bytes(FileStream file, long length)
    {
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    // Protocol Buffers' base-128 numbers.
    private static ulong Number(FileStream file)
    {
        ulong number = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = file.ReadByte();
            if (next < 0)
                throw new EndOfStreamException();
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return number;
        }

        throw new AlexNetException("the data is no ONNX model.");
    }
}
