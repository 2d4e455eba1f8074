using MlNetAlexNet.Formats.Keras;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>Damaged files are refused, or what was damaged is of no use here.</summary>
[TestClass]
public sealed class KerasDamageTests
{
    // More by hand: FUZZ_ROUNDS=3000.
    private static readonly int s_rounds = int.Parse(Environment.GetEnvironmentVariable("FUZZ_ROUNDS") ?? "60", null);

    public static IEnumerable<string> Files => ["keras2-plain.h5", "keras2-same.weights.h5", "keras3-dropout.h5", "keras3-same.keras"];

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

            Assert.ThrowsExactly<AlexNetException>(() => Read(path, file), $"{file}, {length} bytes");
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
                Read(path, file);
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

    private static void Read(string path, string file)
    {
        if (file.EndsWith(".weights.h5", StringComparison.Ordinal))
            KerasFile.ReadWeights(path, KerasFile.Read(Expected.Keras($"{KerasNetworks.NameOf(file)}.h5")).Plan);
        else
            KerasFile.Read(path);
    }
}
