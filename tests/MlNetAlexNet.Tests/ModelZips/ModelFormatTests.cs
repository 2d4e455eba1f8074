using System.IO.Compression;
using System.Reflection;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Tests.ModelZips;

/// <summary>A file is read by what it contains, whatever it is called.</summary>
[TestClass]
public sealed class ModelFormatTests
{
    public static IEnumerable<object[]> Endings =>
        from format in ModelFile.Formats from ending in format.Endings select new object[] { format.Name, ending };

    public static IEnumerable<string> FilesOfOtherFrameworks =>
        [.. TorchNetworks.Files.Select(row => (string)row[0]), .. KerasNetworks.Files];

    [TestMethod]
    [DynamicData(nameof(Endings))]
    public void Read_RenamedFile_IsReadByItsContent(string format, string ending)
    {
        using var folder = new TemporaryFolder();
        var (written, renamed) = (Path.Combine(folder.Path, $"a{ending}"), Path.Combine(folder.Path, "model_best.pth.tar"));
        var model = Model();
        ModelFile.Write(model, written);
        File.Move(written, renamed);

        var holdsStack = ModelFile.HoldsStack(renamed);
        var read = ModelFile.Read(renamed, new() { Network = holdsStack ? null : Stack() });

        Assert.AreEqual(format, ModelFile.Recognize(renamed).Name);
        Assert.AreEqual(ModelFile.ChooseFormat(written).KeepsClasses, read.HoldsClasses);
        CollectionAssert.AreEqual(
            model.Weights["dense_1/bias"].Values, read.Weights[$"{read.Plan[^1].Name}/bias"].Values);
    }

    [TestMethod]
    [DynamicData(nameof(FilesOfOtherFrameworks))]
    public void Recognize_FileOfAnotherFramework_NeedsNoEnding(string file)
    {
        using var folder = new TemporaryFolder();
        var path = file.StartsWith("keras", StringComparison.Ordinal) ? Expected.Keras(file) : Expected.Torch(file);
        var renamed = Path.Combine(folder.Path, "weights");
        File.Copy(path, renamed);

        Assert.AreEqual(ModelFile.ChooseFormat(file), ModelFile.Recognize(renamed));
    }

    [TestMethod]
    public void Read_EndingOfAnotherFormat_IsNotMinded()
    {
        using var folder = new TemporaryFolder();
        var (keras, onnx) = (Path.Combine(folder.Path, "a.keras"), Path.Combine(folder.Path, "a.onnx"));
        ModelFile.Write(Model(), keras);
        File.Move(keras, onnx);

        Assert.IsFalse(ModelFile.Read(onnx).HoldsClasses);
    }

    public static IEnumerable<object[]> Others =>
    [
        ["nothing", Array.Empty<byte>()],
        ["text", "Some text of no model.\n"u8.ToArray()],
        ["another JSON", """{"class_name":"Sequential","config":{"modelTopology":{}}}"""u8.ToArray()],
        ["half a JSON", """{"a":[{"modelTopology":"""u8.ToArray()],
        ["a safetensors' length alone", BitConverter.GetBytes(2L)],
        ["protobuf without a graph", (byte[])[8, 7, 18, 1, (byte)'a']],
        ["protobuf with a length too long", (byte[])[8, 7, 58, 100, 0]],
        ["a pickle of protocol 0", "(dp0\n."u8.ToArray()],
        ["a zip of something else", Zip("a.txt")],
        ["a zip without its end", Zip("model.weights.h5")[..^20]],
        ["zeros", new byte[100_000]],
    ];

    [TestMethod]
    [DynamicData(nameof(Others))]
    public void Read_SomethingElse_ListsWhatIsKnown(string what, byte[] content)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.bin", content);

        var fault = Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(path), what).Message;

        StringAssert.Contains(fault, $"'{path}'");
        foreach (var format in ModelFile.Formats)
            StringAssert.Contains(fault, format.ToString());
    }

    [TestMethod]
    [DynamicData(nameof(Endings))]
    public void Read_FileThatSaysItIsOne_TellsWhatIsWrongWithIt(string format, string ending)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write($"a{ending}", "Some text that is no model at all, of more than a few bytes."u8.ToArray());

        var fault = Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read(path), format).Message;

        StringAssert.Contains(fault, $"'{path}'");
        Assert.DoesNotContain("Known:", fault);
    }

    [TestMethod]
    public void Recognize_FileOfAGigabyte_TakesLittleMemory()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.bin", [8, 7, 58]); // a graph, which then has no length
        using (var file = File.OpenWrite(path))
            file.SetLength(1 << 30); // of zeros that are not written
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Recognize(path));

        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    [DynamicData(nameof(Endings))]
    public void Recognize_DamagedFileWithoutAnEnding_IsRecognizedOrRefused(string format, string ending)
    {
        using var folder = new TemporaryFolder();
        var written = Path.Combine(folder.Path, $"a{ending}");
        ModelFile.Write(Model(), written);
        var whole = File.ReadAllBytes(written);
        var recognized = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var bytes = seed % 3 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (var flips = random.Next(1, 6); flips > 0 && bytes.Length > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var path = folder.Write("model", bytes);
            try
            {
                recognized += ModelFile.Recognize(path).Name == format ? 1 : 0;
            }
            catch (AlexNetException)
            {
                // As it should be.
            }
            catch (Exception fault)
            {
                Assert.Fail($"Seed {seed}: {fault}");
            }
        }

        Assert.IsGreaterThan(10, recognized); // most of them show no damage at a look
    }

    [TestMethod]
    public void Formats_EndingsAndNames_AreEachOnesOwn()
    {
        CollectionAssert.AllItemsAreUnique(ModelFile.Formats.SelectMany(format => format.Endings).ToArray());
        CollectionAssert.AllItemsAreUnique(ModelFile.Formats.Select(format => format.Name).ToArray());
    }

    [TestMethod]
    public void Formats_EveryRowOfTheLibrary_IsInTheTable() => CollectionAssert.IsSubsetOf(
        typeof(ModelFormat).Assembly.GetTypes()
            .SelectMany(type => type.GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(property => property.PropertyType == typeof(ModelFormat))
            .Select(row => row.GetValue(null)).Distinct().ToArray(),
        ModelFile.Formats.ToArray());

    [TestMethod]
    public void TableOfReadMe_IsThatOfTheFormats()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Root, "README.md"))
            .SkipWhile(line => line != "| ending | what it is | holds |").Skip(2)
            .TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToArray();

        CollectionAssert.AreEqual(
            ModelFile.Formats.Select(format => string.Join(", ", format.Endings.Select(ending => $"`{ending}`"))).ToArray(),
            rows.Select(row => row[1]).ToArray());
        foreach (var (format, row) in ModelFile.Formats.Zip(rows))
        {
            StringAssert.StartsWith(row[2], format.Name);
            Assert.AreEqual(format.KeepsClasses, row[3].Contains("class names"), row[3]);
            Assert.AreEqual(format.Stack != StackHeld.Never, row[3].Contains("stack"), row[3]);
            Assert.AreEqual(format.Stack == StackHeld.IfTorchvision, row[3].Contains("torchvision"), row[3]);
        }
    }

    private static TrainedModel Model() => TinyModel.Of(Stack(), imageSize: 6, seed: 3);

    private static Sequential Stack() => new(TensorShape.Image(6, 6, 3))
    {
        new Conv2D(4, 3, activation: Activation.Relu), new Flatten(), new Dense(3, Activation.Softmax),
    };

    private static byte[] Zip(string entry)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        using (var stream = zip.CreateEntry(entry).Open())
            stream.Write("content"u8);
        return bytes.ToArray();
    }
}
