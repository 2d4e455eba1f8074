using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Safetensors;

/// <summary>Writes tensors one after the other; spaces after the table let them begin at a multiple of 64 bytes.</summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 64;

    public static void Write(Stream stream, IReadOnlyList<(string Name, Weight Weight)> tensors)
    {
        var header = Header(tensors);
        var padded = header.Length + (-(header.Length + sizeof(ulong)) & (Alignment - 1));
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteInt64LittleEndian(length, padded);
        stream.Write(length);
        stream.Write(header);
        for (var i = header.Length; i < padded; i++)
            stream.WriteByte((byte)' ');
        foreach (var (_, weight) in tensors)
            stream.Write(MemoryMarshal.AsBytes(weight.Values.AsSpan()));
    }

    private static byte[] Header(IReadOnlyList<(string Name, Weight Weight)> tensors)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt"); // the order of dimensions is PyTorch's
            json.WriteEndObject();
            long begin = 0;
            foreach (var (name, weight) in tensors)
            {
                var end = begin + weight.Values.LongLength * sizeof(float);
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                WriteArray(json, "shape", weight.Dimensions.Select(side => (long)side));
                WriteArray(json, "data_offsets", [begin, end]);
                json.WriteEndObject();
                begin = end;
            }

            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IEnumerable<long> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
