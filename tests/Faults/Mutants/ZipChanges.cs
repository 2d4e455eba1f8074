using System.Buffers.Binary;
using System.IO.Compression;

namespace MlNetAlexNet.Faults.Mutants;

/// <summary>Changes of a zip's entries: their names, sizes and flags as well as what is in them.</summary>
internal static class ZipChanges
{
    private const string Network = "OnnxModel";
    private const uint CentralHeader = 0x02014B50; // APPNOTE.TXT, section 4.3.12
    private const int NumberBytes = sizeof(int);

    private static readonly string[] s_names =
        ["../../out", "/out", "C:\\out", " ", "Model.key", "TransformerChain/Model.key", new('n', 60_000), "a\0b"];

    public static byte[] Apply(byte[] whole, Random random) => random.Next(3) == 0
        ? ChangeDirectory(whole, random)
        : ChangeEntries(whole, random);

    private static byte[] ChangeEntries(byte[] whole, Random random)
    {
        using var source = new ZipArchive(new MemoryStream(whole));
        var entries = source.Entries.Select(entry => (entry.FullName, Content: ReadAll(entry))).ToList();
        var at = random.Next(2) == 0 ? entries.FindIndex(entry => entry.FullName.EndsWith(Network, StringComparison.Ordinal)) : random.Next(entries.Count);
        var (name, content) = entries[at];
        switch (random.Next(7))
        {
            case 0: entries.RemoveAt(at); break;
            case 1: entries.Add((name, content)); break;
            case 2: entries[at] = (s_names[random.Next(s_names.Length)], content); break;
            case 3: entries.Add((s_names[random.Next(s_names.Length)], content)); break;
            case 4: entries[at] = (name, new byte[random.Next(4) == 0 ? 100_000_000 : random.Next(2000)]); break; // inflates
            case 5: entries[at] = (name, ByteChanges.Apply(content, random)); break;
            default: entries[at] = (name, ChangeNetwork(name, content, random)); break;
        }

        var target = new MemoryStream();
        using (var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, bytes) in entries)
            {
                using var entry = zip.CreateEntry(path, CompressionLevel.Fastest).Open();
                entry.Write(bytes);
            }
        }

        return target.ToArray();
    }

    private static byte[] ReadAll(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] ChangeNetwork(string name, byte[] content, Random random)
    {
        if (!name.EndsWith(Network, StringComparison.Ordinal))
            return ByteChanges.Apply(content, random);

        var onnx = OnnxChanges.Apply(content[NumberBytes..], random);
        var length = new byte[NumberBytes];
        BinaryPrimitives.WriteInt32LittleEndian(length, random.Next(4) == 0 ? int.MaxValue : onnx.Length);
        return [.. length, .. onnx];
    }

    // A number of one entry in the directory at the end: version, flags (1 is encrypted), method, checksum, sizes, lengths, place.
    private static byte[] ChangeDirectory(byte[] whole, Random random)
    {
        byte[] bytes = [.. whole];
        var headers = Enumerable.Range(0, bytes.Length - 46)
            .Where(at => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) == CentralHeader).ToList();
        var header = headers[random.Next(headers.Count)];
        int[] shorts = [6, 8, 10, 28, 30, 32];
        int[] longs = [16, 20, 24, 42];
        if (random.Next(2) == 0)
        {
            ushort[] values = [0, 1, 9, 12, ushort.MaxValue];
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(header + shorts[random.Next(shorts.Length)]), values[random.Next(values.Length)]);
        }
        else
        {
            uint[] values = [0, 1, int.MaxValue, 1U << 31, uint.MaxValue];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(header + longs[random.Next(longs.Length)]), values[random.Next(values.Length)]);
        }

        return bytes;
    }
}
