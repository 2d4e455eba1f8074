using MlNetAlexNet.Formats.Keras;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>Damaged files are refused, or what was damaged is of no use here.</summary>
[TestClass]
public sealed class KerasDamageTests
{
    // More by hand: FUZZ_ROUNDS=3000.
    private static readonly int s_rounds = int.Parse(Environment.GetEnvironmentVariable("FUZZ_ROUNDS") ?? "60", null);

    public static IEnumerable<string> Files =>
    [
        "keras2-plain.h5", "keras2-same.weights.h5", "keras3-dropout.h5", "keras3-same.keras",
        "keras2-nested.h5", "keras2-nested.weights.h5", "keras3-nested.keras", "keras3-normalization.h5",
    ];

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Read_CutShort_IsRefused(string file)
    {
        var whole = File.ReadAllBytes(Expected.Keras(file));
        var random = new Random(1);
        using var folder = new TemporaryFolder();
        foreach (var length in (int[])[0, 1, 7, 8, 100, 2000, .. Enumerable.Range(0, s_rounds / 4).Select(_ => random.Next(whole.Length)), whole.Length - 1])
        {
            var path = folder.Write("cut" + Path.GetExtension(file), whole[..length]);

            Assert.ThrowsExactly<AlexNetException>(() => KerasImport.Read(path, file), $"{file}, {length} bytes");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Files))]
    [Timeout(60_000)]
    public void Read_BytesFlipped_IsRefusedOrRead(string file)
    {
        var whole = File.ReadAllBytes(Expected.Keras(file));
        using var folder = new TemporaryFolder();
        var refused = 0;
        for (var seed = 1; seed <= s_rounds; seed++)
        {
            var random = new Random(seed);
            var bytes = whole.ToArray();
            for (var flip = random.Next(1, 20); flip > 0; flip--)
            {
                // Structure lies mostly at the start.
                var place = random.Next(2) == 0 ? random.Next(bytes.Length) : random.Next(Math.Min(bytes.Length, 8000));
                bytes[place] = (byte)random.Next(256);
            }

            var path = folder.Write("flipped" + Path.GetExtension(file), bytes);
            try
            {
                KerasImport.Read(path, file);
            }
            catch (AlexNetException)
            {
                refused++;
            }
            catch (Exception fault)
            {
                Assert.Fail($"{file}, seed {seed}: {fault}");
            }
        }

        Assert.IsGreaterThan(s_rounds / 4, refused);
    }

    // What models inside models, layers before the network and of one's own are said by.
    [TestMethod]
    [DataRow("keras2-nested.h5")]
    [DataRow("keras3-nested.h5")]
    [DataRow("keras3-augment.h5")]
    [DataRow("keras3-normalization.h5")]
    [DataRow("keras2-functional.h5")]
    [DataRow("keras3-custom_lrn.h5")]
    public void Parse_CharactersChanged_IsRefusedOrRead(string file)
    {
        var whole = KerasImport.ConfigurationOf(file);
        for (var seed = 1; seed <= 5 * s_rounds; seed++)
        {
            var random = new Random(seed);
            var text = whole.ToCharArray();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var (from, to) = (random.Next(text.Length), random.Next(text.Length));
                text[to] = random.Next(2) == 0 ? (char)random.Next(32, 127) : text[from];
            }

            try
            {
                KerasConfig.Parse(new string(text), KerasNetworks.CustomLayers);
            }
            catch (AlexNetException)
            {
            }
            catch (Exception fault)
            {
                Assert.Fail($"{file}, seed {seed}: {fault}");
            }
        }
    }
}
