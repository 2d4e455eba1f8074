using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using Microsoft.ML.Transforms.Image;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.ModelZips;

/// <summary>
/// What a model zip holds, by its entries: the network, which is the number of bytes and then the ONNX file
/// (OnnxTransform.cs, <c>SaveModel</c>), and the stages, each a header of 256 bytes (ModelHeader.cs), a block of
/// settings, names.
/// </summary>
internal static class ModelZipReader
{
    private const string Network = "OnnxModel";
    private const string Stage = "Model.key";
    private const string Extraction = "ImagePixelExtractor";
    private const string Resizing = "ImageScalerTransform";
    private const int LengthBytes = sizeof(int);
    private const int MostNameShown = 100;
    private const byte Center = 4;
    private const int MostStageBytes = 64 << 20; // those that map classes have their names

    // What an entry may hold for each of its bytes in the zip, and beyond that: numbers that were trained shrink by a
    // fourteenth, nothing but zeros to a thousandth.
    private const int MostTimesPacked = 20;
    private const long MostUnpacked = 16 << 20;

    /// <summary>Whether a zip with entries of those names is one of ML.NET's models.</summary>
    public static bool Recognizes(IEnumerable<string> entries) =>
        entries.Any(entry => Path.GetFileName(entry) is Network or Stage);

    /// <summary>Whether the entry is the network.</summary>
    public static bool IsNetwork(ZipArchiveEntry entry) => entry.Name == Network;

    /// <summary>Opens a zip; what replaces it meanwhile is not seen.</summary>
    /// <exception cref="InvalidDataException">It is no zip.</exception>
    public static ZipArchive Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            var zip = new ZipArchive(file, ZipArchiveMode.Read);
            RequireSound(zip, file.Length);
            return zip;
        }
        catch (InvalidDataException fault)
        {
            file.Dispose();
            throw new InvalidDataException($"it is not a zip, or damaged ({fault.Message.TrimEnd('.')})", fault);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Checks that the zip has a network, of which a pipeline may have several.</summary>
    /// <exception cref="AlexNetException">It has none, or says wrongly how long one is, for which ML.NET would take memory.</exception>
    public static void RequireNetwork(ZipArchive zip)
    {
        foreach (var network in NetworksOf(zip))
        {
            using var stream = network.Open();
            RequireLength(stream, network.Length);
        }
    }

    // What a zip says of its entries is checked before any of it is believed.
    private static void RequireSound(ZipArchive zip, long bytes)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            var name = entry.FullName.Length <= MostNameShown ? entry.FullName : $"{entry.FullName[..MostNameShown]}...";
            if (!names.Add(entry.FullName))
                throw new InvalidDataException($"it has '{name}' twice");

            if (entry.IsEncrypted)
                throw new InvalidDataException($"'{name}' in it is encrypted");

            if (entry.CompressedLength > bytes || entry.Length > (MostTimesPacked * entry.CompressedLength) + MostUnpacked)
            {
                throw new InvalidDataException(FormattableString.Invariant(
                    $"'{name}' in it has {entry.Length} bytes, stored in {entry.CompressedLength}, which no model has"));
            }
        }
    }

    // The number before the ONNX file is how many bytes that has.
    private static void RequireLength(Stream network, long entryLength)
    {
        var number = new byte[LengthBytes];
        network.ReadExactly(number);
        if (BinaryPrimitives.ReadInt32LittleEndian(number) is var length && length != entryLength - LengthBytes)
            throw new InvalidDataException(FormattableString.Invariant($"its network has {entryLength - LengthBytes} bytes, and {length} are said"));
    }

    /// <summary>The network of a zip, which stays open.</summary>
    /// <exception cref="AlexNetException">It is no zip, or has none or several; the message names the zip.</exception>
    public static ScoringGraph OpenGraph(string path) => FileReading.Read(path, ModelZip.Kind, () =>
    {
        var zip = Open(path);
        try
        {
            var entry = NetworkOf(zip);
            return new ScoringGraph(entry.Length - LengthBytes, target => Copy(path, entry, target))
            {
                Source = zip,
                ReadForm = () => ReadForm(zip),
            };
        }
        catch
        {
            zip.Dispose();
            throw;
        }
    });

    /// <summary>The one network of a zip.</summary>
    /// <exception cref="AlexNetException">It has none or several.</exception>
    public static ZipArchiveEntry NetworkOf(ZipArchive zip) => NetworksOf(zip) is [var entry]
        ? entry
        : throw new AlexNetException("it holds several networks, and this library works with the only one of a zip");

    private static List<ZipArchiveEntry> NetworksOf(ZipArchive zip)
    {
        var networks = zip.Entries.Where(IsNetwork).ToList();
        return networks.Count > 0
            ? networks
            : throw new AlexNetException("it holds no network. Give the model.zip of a training run");
    }

    // Compares the checksum, which neither .NET nor ML.NET does.
    private static void Copy(string path, ZipArchiveEntry entry, Stream target)
    {
        using var stream = FileReading.Read(path, ModelZip.Kind, entry.Open);
        var buffer = new byte[1 << 20];
        var checksum = new Crc32();
        var left = LengthBytes; // of the number before the ONNX file
        while (FileReading.Read(path, ModelZip.Kind, () => stream.Read(buffer)) is > 0 and var count)
        {
            checksum.Append(buffer.AsSpan(0, count));
            var passed = Math.Min(left, count);
            left -= passed;
            target.Write(buffer, passed, count - passed);
        }

        if (checksum.GetCurrentHashAsUInt32() != entry.Crc32)
            throw new AlexNetException($"'{path}' is damaged: the checksum of its network is wrong.");
    }

    /// <summary>
    /// What squares the stages of a zip make of pictures; null if none do, as where it takes pixels. They must be those of
    /// <c>LoadPixels</c> (ImageResizer.cs, ImagePixelExtractor.cs, <c>SaveModel</c>): who does the same work by itself would
    /// give other answers than a zip with other ones.
    /// </summary>
    /// <exception cref="AlexNetException">They are others.</exception>
    public static PictureForm? ReadForm(ZipArchive zip)
    {
        var stages = ReadStages(zip);
        return !stages[Extraction].Any() && !stages[Resizing].Any() ? null
            : FindForm(stages) ?? throw new AlexNetException(
                $"it {(ExtractsBytes(stages) ? "resizes" : "extracts pixels")} in another way than LoadPixels; score it with "
                + "ML.NET's PredictionEngine");
    }

    /// <summary>The same for who has stages of their own; null if they are others, too.</summary>
    public static PictureForm? FindForm(ZipArchive zip) => FindForm(ReadStages(zip));

    /// <summary>Checks that <see cref="ReadForm"/> has nothing against a zip, of which more than the network is taken.</summary>
    /// <exception cref="AlexNetException">It has; the message names the zip.</exception>
    public static void RequireOwnStages(string path) => FileReading.Read(path, ModelZip.Kind, () =>
    {
        using var zip = Open(path);
        return ReadForm(zip);
    });

    // Red, green and blue, in that order, as bytes; offset 0, scale 1, interleaved.
    private static bool ExtractsBytes(ILookup<string, byte[]> stages) => stages[Extraction].ToArray() is [var settings]
        && settings.AsSpan().EndsWith((byte[])[0b1110, 1, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3F, 1]);

    private static PictureForm? FindForm(ILookup<string, byte[]> stages)
    {
        const int Length = 2 * sizeof(int) + 2; // width, height, kind, anchor
        var resizing = stages[Resizing].ToArray();
        if (!ExtractsBytes(stages) || resizing is not [.., { Length: >= Length } last])
            return null;

        var side = BinaryPrimitives.ReadInt32LittleEndian(last.AsSpan(^Length));
        return Enum.GetValues<ImageResizeMode>().Select(mode => (PictureForm?)new PictureForm(side, mode)).FirstOrDefault(form =>
        {
            var expected = StockResizing.List(form!.Value);
            return expected.Count == resizing.Length
                && expected.Zip(resizing).All(pair => pair.Second.AsSpan().EndsWith(Settings(pair.First)));
        });

        static byte[] Settings((int Side, ImageResizingEstimator.ResizingKind Kind) stage)
        {
            var side = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(side, stage.Side);
            return [.. side, .. side, (byte)stage.Kind, Center];
        }
    }

    // In the order in which they run.
    private static ILookup<string, byte[]> ReadStages(ZipArchive zip) => FileReading.ReadUnchecked(() => zip.Entries
        .Where(entry => entry.Name == Stage)
        .OrderBy(entry => entry.FullName, StringComparer.Ordinal)
        .Select(ReadStage)
        .ToLookup(stage => stage.Name, stage => stage.Settings));

    private static (string Name, byte[] Settings) ReadStage(ZipArchiveEntry entry)
    {
        if (entry.Length > MostStageBytes)
            throw new InvalidDataException($"a stage of it has {entry.Length} bytes");

        using var stream = entry.Open();
        var bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        var (start, length) = (Integer(0x10), Integer(0x18));
        return (Encoding.ASCII.GetString(bytes, 0x50, 24).TrimEnd('\0'), bytes[start..(start + length)]);

        int Integer(int offset) => checked((int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(offset)));
    }
}
