using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace MlNetAlexNet.ModelZips;

/// <summary>
/// The entry of a model zip that holds the network: the number of bytes, then the ONNX file (OnnxTransform.cs,
/// <c>SaveModel</c>). ML.NET deflates it, which takes most of the time of saving and loading and saves a fourteenth of
/// the size; stored as it is, ML.NET reads it all the same.
/// </summary>
internal static class NetworkEntry
{
    private const int LengthBytes = sizeof(int);

    /// <summary>Finds the entry, or those of a pipeline of several networks.</summary>
    /// <exception cref="AlexNetException">The zip has none.</exception>
    public static IReadOnlyList<ZipArchiveEntry> All(ZipArchive zip)
    {
        var networks = zip.Entries.Where(IsNetwork).ToList();
        return networks.Count > 0
            ? networks
            : throw new AlexNetException("it holds no network. Give the model.zip of a training run");
    }

    /// <summary>Writes the ONNX file of the zip to a file of its own and compares the checksum.</summary>
    public static void Extract(ZipArchive zip, string path)
    {
        var entry = Of(zip);
        using var stream = entry.Open();
        using var file = File.Create(path);
        var buffer = new byte[1 << 20];
        stream.ReadExactly(buffer, 0, LengthBytes);
        var checksum = new Crc32();
        checksum.Append(buffer.AsSpan(0, LengthBytes));
        while (stream.Read(buffer) is > 0 and var count)
        {
            checksum.Append(buffer.AsSpan(0, count));
            file.Write(buffer, 0, count);
        }

        Require(checksum, entry);
    }

    /// <summary>Reads the ONNX file at once and compares the checksum, which neither .NET nor ML.NET does.</summary>
    public static byte[] ReadAll(ZipArchive zip)
    {
        var entry = Of(zip);
        using var stream = entry.Open();
        var length = new byte[LengthBytes];
        stream.ReadExactly(length);
        var network = GC.AllocateUninitializedArray<byte>(checked((int)entry.Length - LengthBytes));
        stream.ReadExactly(network);
        var checksum = new Crc32();
        checksum.Append(length);
        checksum.Append(network);
        Require(checksum, entry);
        return network;
    }

    /// <summary>Copies a model zip with another network in place of its own, stored.</summary>
    /// <param name="zip">The zip to copy.</param>
    /// <param name="network">The ONNX file, from its current position; of known length.</param>
    /// <param name="output">Where the copy goes; stays open.</param>
    /// <exception cref="AlexNetException">The zip has no network or several.</exception>
    public static void Replace(Stream zip, Stream network, Stream output)
    {
        using var source = new ZipArchive(zip, ZipArchiveMode.Read, leaveOpen: true);
        Of(source);
        using var target = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var entry in source.Entries)
        {
            var copy = target.CreateEntry(
                entry.FullName, IsNetwork(entry) ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
            copy.LastWriteTime = entry.LastWriteTime;
            using var to = copy.Open();
            if (IsNetwork(entry))
            {
                Write(network, to);
            }
            else
            {
                using var from = entry.Open();
                from.CopyTo(to);
            }
        }
    }

    private static ZipArchiveEntry Of(ZipArchive zip) => All(zip) is [var entry]
        ? entry
        : throw new AlexNetException("it holds several networks, and this library works with the only one of a zip");

    private static void Require(Crc32 checksum, ZipArchiveEntry entry)
    {
        if (checksum.GetCurrentHashAsUInt32() != entry.Crc32)
            throw new InvalidDataException("the checksum of the network is wrong");
    }

    private static void Write(Stream network, Stream to)
    {
        var length = new byte[LengthBytes];
        BinaryPrimitives.WriteInt32LittleEndian(length, checked((int)(network.Length - network.Position)));
        to.Write(length);
        network.CopyTo(to, bufferSize: 1 << 20);
    }

    private static bool IsNetwork(ZipArchiveEntry entry) => entry.Name == "OnnxModel";
}
