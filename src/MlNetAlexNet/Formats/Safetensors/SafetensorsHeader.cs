using System.Buffers.Binary;
using System.Text.Json;
using MlNetAlexNet.Formats.PyTorch;

namespace MlNetAlexNet.Formats.Safetensors;

/// <summary>
/// The table at the start of a safetensors file. It is held against the format's rules before anything is read: tensors
/// lie one after the other, without gaps or overlaps, up to the end of the file.
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>The table of a thousand tensors takes a twentieth of this.</summary>
    private const int MaxBytes = 1 << 22;

    private static readonly Dictionary<string, NumberFormat> s_formats = new()
    {
        ["F32"] = NumberFormat.Float32,
        ["F16"] = NumberFormat.Float16,
        ["BF16"] = NumberFormat.BFloat16,
        ["F64"] = NumberFormat.Float64,
        ["I64"] = NumberFormat.Int64,
        ["U64"] = new("uint64", 8),
        ["I32"] = new("int32", 4),
        ["U32"] = new("uint32", 4),
        ["I16"] = new("int16", 2),
        ["U16"] = new("uint16", 2),
        ["I8"] = new("int8", 1),
        ["U8"] = new("uint8", 1),
        ["BOOL"] = new("bool", 1),
    };

    /// <summary>Whether a file that begins so has such a table: its length, then an object in JSON.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> start) =>
        start.Length > sizeof(ulong)
        && BinaryPrimitives.ReadUInt64LittleEndian(start) is > 0 and <= MaxBytes
        && start[sizeof(ulong)] == '{';

    /// <summary>The tensors of the file, which must stay open until they are loaded.</summary>
    public static StateDict Read(FileStream file)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        file.ReadExactly(length);
        var headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (headerBytes > MaxBytes)
            throw new AlexNetException($"its table would have {headerBytes} bytes; more than {MaxBytes} are not read.");

        var json = new byte[headerBytes];
        file.ReadExactly(json);
        var entries = Entries(json);
        RequireOneAfterTheOther(entries, file.Length - file.Position);
        var data = file.Position;
        return new StateDict(
            [.. entries.Select(entry => new NamedTensor(entry.Name, entry.Dimensions, entry.Format, () => Load(file, data, entry)))],
            Ignored: [],
            IsInOrder: false);
    }

    private static SafetensorsEntry[] Entries(byte[] json)
    {
        try
        {
            using var table = JsonDocument.Parse(
                json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            return table.RootElement.ValueKind == JsonValueKind.Object
                ? [.. table.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__")
                    .Select(entry => SafetensorsEntry.Read(entry, s_formats))
                    .OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)]
                : throw new AlexNetException("its table is no JSON object.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException) // a text that is no Unicode
        {
            throw new AlexNetException($"its table is no JSON: {fault.Message}", fault);
        }
    }

    private static void RequireOneAfterTheOther(IEnumerable<SafetensorsEntry> entries, long dataBytes)
    {
        long end = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin != end)
            {
                throw new AlexNetException(
                    $"its tensor '{entry.Name}' begins at byte {entry.Begin}; the one before it ends at {end}.");
            }

            end = entry.End;
        }

        if (end != dataBytes)
        {
            throw new AlexNetException(end > dataBytes
                ? $"it is cut short: its tensors need {end} bytes, {dataBytes} are there."
                : $"after its tensors, {dataBytes - end} bytes are left over.");
        }
    }

    private static float[] Load(FileStream file, long data, SafetensorsEntry entry)
    {
        file.Position = data + entry.Begin;
        return entry.Format.Read(file, (int)entry.Count);
    }
}
