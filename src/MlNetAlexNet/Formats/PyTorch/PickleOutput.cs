using System.Buffers.Binary;
using System.Text;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>A pickle under construction, protocol 2, with the instructions that <c>weights_only</c> reads.</summary>
internal sealed class PickleOutput
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public PickleOutput Code(params ReadOnlySpan<byte> codes)
    {
        _bytes.AddRange(codes);
        return this;
    }

    public PickleOutput Global(string module, string name) =>
        Code((byte)'c').Code(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));

    public PickleOutput Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Code((byte)'X').Int32(bytes.Length).Code(bytes);
    }

    public PickleOutput Number(int value) => Code((byte)'J').Int32(value);

    public PickleOutput Tuple(params IEnumerable<int> values)
    {
        Code((byte)'(');
        foreach (var value in values)
            Number(value);
        return Code((byte)'t');
    }

    private PickleOutput Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Code(bytes);
    }
}
