using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using MlNetAlexNet.Formats.Keras;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>
/// What we write of a network against what Keras wrote of it: group by group, attribute by attribute, dataset by dataset.
/// Left out: optimizer state, names of model and input, initializers.
/// </summary>
[TestClass]
public sealed class KerasWritersTests
{
    // What is not written as it was read: a functional chain is a sequential model here, global pooling has windows, ReLU and Softmax are Activations; layers
    // of the user's own are ours, those of training alone are left out, models inside the model are unrolled, and
    // Normalization is a Rescaling.
    private static readonly string[] s_others =
        ["functional", "global_average", "softmax_layer", "bn_before_relu", "custom_lrn", "augment", "nested", "normalization"];

    public static IEnumerable<string> Sequentials => KerasNetworks.AllNames.Where(name =>
        !s_others.Contains(name.Split('-')[1]));

    public static IEnumerable<string> Keras2 => Sequentials.Where(name => name.StartsWith("keras2", StringComparison.Ordinal));

    public static IEnumerable<string> Keras3 => Sequentials.Except(Keras2);

    [TestMethod]
    [DynamicData(nameof(Keras2))]
    public void WriteH5_OfANetworkOfKeras2_HasItsLayout(string name)
    {
        var theirs = Expected.Keras($"{name}.h5");
        using var folder = new TemporaryFolder();
        var ours = Path.Combine(folder.Path, "ours.h5");
        var model = KerasFile.Read(theirs);

        KerasFormat.Hdf5.Write(model, ours, true);

        AssertSame(
            Outline(theirs).Where(line => !line.StartsWith("@training_config", StringComparison.Ordinal)),
            Outline(ours));
    }

    [TestMethod]
    [DynamicData(nameof(Keras3))]
    public void WriteKeras_OfANetworkOfKeras3_HasItsLayout(string name)
    {
        var path = Expected.Keras($"{name}.keras");
        using var folder = new TemporaryFolder();
        var written = Path.Combine(folder.Path, "ours.keras");
        var model = KerasFile.Read(path);

        KerasFormat.Archive.Write(model, written, true);

        using var theirs = ZipFile.OpenRead(path);
        using var ours = ZipFile.OpenRead(written);
        CollectionAssert.AreEqual(Names(theirs), Names(ours));
        Assert.IsTrue(ours.Entries.All(entry => entry.CompressedLength == entry.Length), "stored, as Keras does");
        Assert.AreEqual(Configuration(theirs), Configuration(ours));
        CollectionAssert.AreEqual(Keys(theirs), Keys(ours));
        AssertSame(Variables(theirs), Variables(ours));
    }

    private static string[] Names(ZipArchive zip) => [.. zip.Entries.Select(entry => entry.FullName)];

    private static string Configuration(ZipArchive zip) => Hdf5Outline.Comparable(Text(zip, "config.json"));

    private static string[] Keys(ZipArchive zip) =>
        [.. JsonNode.Parse(Text(zip, "metadata.json"))!.AsObject().Select(property => property.Key)];

    private static string Text(ZipArchive zip, string entry) => Encoding.UTF8.GetString(Bytes(zip, entry).ToArray());

    private static IEnumerable<string> Variables(ZipArchive zip) =>
        Hdf5Outline.Of(Bytes(zip, "model.weights.h5")).Where(line => !line.StartsWith("/vars@name", StringComparison.Ordinal));

    private static MemoryStream Bytes(ZipArchive zip, string entry)
    {
        using var stream = zip.GetEntry(entry)!.Open();
        var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        bytes.Position = 0;
        return bytes;
    }

    private static IReadOnlyList<string> Outline(string path)
    {
        using var file = File.OpenRead(path);
        return Hdf5Outline.Of(file);
    }

    private static void AssertSame(IEnumerable<string> theirs, IEnumerable<string> ours) =>
        Assert.AreEqual(string.Join('\n', theirs), string.Join('\n', ours));
}
