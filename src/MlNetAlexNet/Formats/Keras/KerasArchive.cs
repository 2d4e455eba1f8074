using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// Keras 3's <c>.keras</c>: a zip of config.json, metadata.json and model.weights.h5
/// (keras/src/saving/saving_lib.py, <c>_save_model_to_fileobj</c>).
/// </summary>
internal static class KerasArchive
{
    private const string Configuration = "config.json";
    private const string Metadata = "metadata.json";
    private const string Variables = "model.weights.h5";
    private const string Keras3Version = "3.15.1"; // whose layout and configuration are written
    private const long MostConfigurationBytes = 16 << 20;
    private const long MostStructureBytes = 16 << 20; // HDF5's own share of the weights' file
    private const int MostTimesPacked = 8; // Keras stores entries as they are; weights that are packed shrink little

    /// <summary>Whether a zip with entries of those names is such an archive.</summary>
    public static bool Recognizes(IReadOnlyList<string> entries) =>
        entries.Contains(Configuration) && entries.Contains(Variables);

    public static ModelFileContent Read(string path, IReadOnlyDictionary<string, Layer> customLayers)
    {
        using var zip = ZipFile.OpenRead(path);
        using var json = new MemoryStream();
        Copy(Entry(zip, Configuration, path), json, MostConfigurationBytes, path);
        var architecture = KerasConfig.Read(json.ToArray(), customLayers);

        // Adam keeps two more values for each weight, others fewer. The stack is only what the file says.
        var entry = Entry(zip, Variables, path);
        var most = Math.Min(
            4 * sizeof(float) * architecture.Plan.Parameters + MostStructureBytes,
            MostTimesPacked * entry.CompressedLength);
        using var copy = TemporaryFile();
        Copy(entry, copy, most, path);
        using var file = new Hdf5File(copy, $"{path}/{Variables}");
        var model = KerasFile.ReadVariables(file, path, architecture);
        var others = zip.Entries.Select(entry => entry.FullName)
            .Where(name => name is not (Configuration or Metadata or Variables));
        return model with { Ignored = [.. model.Ignored, .. others] };
    }

    /// <summary>Writes the archive, uncompressed as Keras does.</summary>
    public static void Write(KerasExpression model, WeightSet weights, Stream stream, TimeProvider clock)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Write(zip, Metadata, new JsonObject
        {
            ["keras_version"] = Keras3Version,
            ["date_saved"] = clock.GetLocalNow().ToString("yyyy-MM-dd@HH:mm:ss", CultureInfo.InvariantCulture),
        });
        Write(zip, Configuration, KerasConfigWriter.Model(model, KerasDialect.Keras3));

        // HDF5 is written back and forth, a zip only forth.
        using var variables = TemporaryFile();
        KerasHdf5Writer.WriteVariables(model, weights, variables);
        variables.Position = 0;
        using var entry = Create(zip, Variables);
        variables.CopyTo(entry);
    }

    private static void Write(ZipArchive zip, string name, JsonObject json)
    {
        using var entry = new StreamWriter(Create(zip, name));
        entry.Write(json.ToJsonString());
    }

    private static Stream Create(ZipArchive zip, string name)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // as Keras; no zip is older
        return entry.Open();
    }

    private static FileStream TemporaryFile() => new(
        TemporaryFiles.NewPath(),
        FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);

    private static ZipArchiveEntry Entry(ZipArchive zip, string name, string path) => zip.GetEntry(name)
        ?? throw new AlexNetException($"'{path}' lacks {name}; it is no .keras archive.");

    // An entry may hold more than it says, and more than fits.
    private static void Copy(ZipArchiveEntry entry, Stream target, long most, string path)
    {
        using var source = entry.Length <= most ? entry.Open() : throw TooLarge(entry.Length);
        var buffer = new byte[1 << 16];
        for (var copied = 0L; source.Read(buffer) is var read and > 0;)
        {
            copied += read;
            if (copied > most)
                throw TooLarge(copied);
            target.Write(buffer, 0, read);
        }

        target.Position = 0;

        AlexNetException TooLarge(long bytes) => new(FormattableString.Invariant(
            $"{entry.FullName} in '{path}' has {bytes} bytes or more; its stack and the file's size allow {most} at most."));
    }
}
