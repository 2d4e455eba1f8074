using System.Runtime.InteropServices;
using System.Text;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Onnx.Graph;

/// <summary>The constants of a graph in the bytes of its file, looked at without a copy of them.</summary>
internal static class OnnxWeights
{
    private const int Float = 1; // TensorProto.DataType

    /// <summary>Checks that all 32-bit numbers are such, of 8-bit networks the scales.</summary>
    /// <param name="model">A whole file.</param>
    /// <exception cref="AlexNetException">A constant has NaN or infinity; it is named.</exception>
    /// <exception cref="EndOfStreamException">The bytes are cut short, or no ONNX.</exception>
    public static void RequireFinite(ReadOnlySpan<byte> model)
    {
        foreach (var (field, graph) in new Fields(model))
        {
            if (field != 7) // ModelProto.graph
                continue;

            foreach (var (part, tensor) in new Fields(graph))
            {
                if (part == 5) // GraphProto.initializer
                    RequireFiniteTensor(tensor);
            }
        }
    }

    private static void RequireFiniteTensor(ReadOnlySpan<byte> tensor)
    {
        ReadOnlySpan<byte> name = [], values = [];
        var isFloat = false;
        foreach (var (field, bytes) in new Fields(tensor))
        {
            switch (field)
            {
                case 2: isFloat = bytes is [Float]; break;      // data_type
                case 8: name = bytes; break;                    // name
                case 4 or 9: values = bytes; break;             // float_data, raw_data
            }
        }

        if (isFloat)
            FiniteNumbers.Require($"weight '{Encoding.UTF8.GetString(name)}'", MemoryMarshal.Cast<byte, float>(values));
    }

    // The fields of a message, protobuf's encoding: a tag, then a number, a length and as many bytes, or 4 or 8 bytes.
    private ref struct Fields(ReadOnlySpan<byte> message)
    {
        private ReadOnlySpan<byte> _left = message;

        public Field Current { get; private set; }

        public readonly Fields GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_left.IsEmpty)
                return false;

            var tag = Number();
            var bytes = (tag & 7) switch
            {
                0 => Take(NumberBytes()),
                1 => Take(8),
                2 => Take((int)Math.Min(Number(), int.MaxValue)),
                5 => Take(4),
                _ => throw new EndOfStreamException(),
            };
            Current = new Field((int)(tag >> 3), bytes);
            return true;
        }

        private ReadOnlySpan<byte> Take(int count)
        {
            if (count < 0 || count > _left.Length)
                throw new EndOfStreamException();

            var taken = _left[..count];
            _left = _left[count..];
            return taken;
        }

        // All but the last have the highest bit.
        private readonly int NumberBytes() => _left.IndexOfAnyInRange((byte)0, (byte)0x7f) is >= 0 and var last
            ? last + 1
            : throw new EndOfStreamException();

        private ulong Number()
        {
            ulong number = 0;
            var bytes = Take(NumberBytes());
            for (var i = bytes.Length - 1; i >= 0; i--)
                number = (number << 7) | (bytes[i] & 0x7fu);
            return number;
        }
    }

    private readonly ref struct Field(int number, ReadOnlySpan<byte> bytes)
    {
        private readonly int _number = number;
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public void Deconstruct(out int number, out ReadOnlySpan<byte> bytes)
        {
            number = _number;
            bytes = _bytes;
        }
    }
}
