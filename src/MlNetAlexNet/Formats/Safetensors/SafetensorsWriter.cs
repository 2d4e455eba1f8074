using System.Buffers.Binary;
using System.Text.Json;
using MlNetAlexNet.Formats.PyTorch;

namespace MlNetAlexNet.Formats.Safetensors;

/// <summary>
/// Writes tensors one after the other, those of longer numbers first, as safetensors itself does: each begins at a
/// multiple of its numbers' size. Spaces after the table let the first begin at a multiple of 64 bytes.
/// </summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 64;

    public static void Write(Stream stream, IReadOnlyList<WrittenTensor> tensors)
    {
        tensors = [.. tensors.OrderByDescending(tensor => tensor.Format.Bytes)];
        var header = Header(tensors);
        var padded = header.Length + (-(header.Length + sizeof(ulong)) & (Alignment - 1));
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteInt64LittleEndian(length, padded);
        stream.Write(length);
        stream.Write(header);
        for (var i = header.Length; i < padded; i++)
            stream.WriteByte((byte)' ');
        foreach (var tensor in tensors)
            stream.Write(tensor.Bytes.Span);
    }

    private static byte[] Header(IReadOnlyList<WrittenTensor> tensors)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt"); // the order of dimensions is PyTorch's
            json.WriteEndObject();
            long begin = 0;
            foreach (var (name, dimensions, format, values) in tensors)
            {
                var end = begin + values.Length;
                json.WriteStartObject(name);
                json.WriteString("dtype", format == NumberFormat.Int64 ? "I64" : "F32");
                WriteArray(json, "shape", dimensions.Select(side => (long)side));
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
