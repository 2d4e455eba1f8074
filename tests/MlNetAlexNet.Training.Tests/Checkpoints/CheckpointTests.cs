using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Training.Checkpoints;

namespace MlNetAlexNet.Training.Tests.Checkpoints;

[TestClass]
public sealed class CheckpointTests
{
    private static readonly RunFacts s_run = new(
        new JsonObject { ["data"] = "pictures" }, ["a", "b"], new Dictionary<string, string>(), ReplacesRun: false);

    [TestMethod]
    public void Write_ThreeOfTwoBestEpochs_KeepsTheLastTwoAndTheirBest()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path);
        checkpoints.Write(s_run, Snapshot(step: 3, bestEpoch: 1));
        checkpoints.Write(s_run, Snapshot(step: 6, bestEpoch: 2));
        checkpoints.Write(s_run, Snapshot(step: 9, bestEpoch: 2));

        CollectionAssert.AreEquivalent(
            new[] { "00000006.json", "00000006.safetensors", "00000009.json", "00000009.safetensors", "best-0002.safetensors" },
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).ToArray());
        var read = new CheckpointFolder(folder.Path).FindNewest();
        Assert.AreEqual(9, read.Position.Step);
        Assert.AreEqual(double.PositiveInfinity, read.Position.Plateau.LowestLoss);
        var snapshot = read.Load();
        CollectionAssert.AreEqual(Snapshot(9, 2).Tensors[0].Value.Values, snapshot.Tensors[0].Value.Values);
        CollectionAssert.AreEqual(new[] { 2f, 0.5f }, snapshot.Best!["dense/bias"].Values);
    }

    // Damage of any byte of any file is seen: of the manifest by its own hash, of the others by those in it.
    [TestMethod]
    public void FindNewest_AnyByteChanged_IsNotUsed()
    {
        using var folder = new TemporaryFolder();
        new CheckpointFolder(folder.Path).Write(s_run, Snapshot(step: 3, bestEpoch: 1));
        foreach (var path in Directory.GetFiles(folder.Path))
        {
            var bytes = File.ReadAllBytes(path);
            for (var place = 0; place < bytes.Length; place += Math.Max(1, bytes.Length / 61))
            {
                bytes[place] ^= 0x10;
                File.WriteAllBytes(path, bytes);
                var fault = Assert.ThrowsExactly<AlexNetException>(() => new CheckpointFolder(folder.Path).FindNewest(), $"{path} {place}");
                StringAssert.Contains(fault.Message, "There is no checkpoint in");
                bytes[place] ^= 0x10;
            }

            foreach (var length in (int[])[0, 1, bytes.Length / 2, bytes.Length - 1])
            {
                File.WriteAllBytes(path, bytes[..length]);
                Assert.ThrowsExactly<AlexNetException>(() => new CheckpointFolder(folder.Path).FindNewest(), $"{path} {length}");
            }

            File.Delete(path);
            Assert.ThrowsExactly<AlexNetException>(() => new CheckpointFolder(folder.Path).FindNewest(), path);
            File.WriteAllBytes(path, bytes);
        }

        Assert.AreEqual(3, new CheckpointFolder(folder.Path).FindNewest().Position.Step);
    }

    // One who can write them can write any hash of them, too.
    [TestMethod]
    [DataRow("\"epoch\": 1", "\"epoch\": 0", "no place in a training")]
    [DataRow("\"name\": \"00000003.safetensors\"", "\"name\": \"../../secret\"", "'../../secret', which is no file of a checkpoint")]
    [DataRow("\"name\": \"00000003.safetensors\"", "\"name\": null", "cannot be used")]
    [DataRow("\"position\":", "\"place\":", "cannot be used")]
    [DataRow("\"precision\": \"Float32\"", "\"precision\": \"Auto\"", "no place in a training")]
    [DataRow("\"bytes\": ", "\"bytes\": 9", "were written")]
    [DataRow("\"options\": {", "\"options\": {\"twice\": 1, \"twice\": 2,", "cannot be used")]
    public void FindNewest_ManifestMadeByHand_IsNotUsed(string was, string isNow, string reason)
    {
        using var folder = new TemporaryFolder();
        new CheckpointFolder(folder.Path).Write(s_run, Snapshot(step: 3, bestEpoch: 1));
        var path = Path.Combine(folder.Path, "00000003.json");
        var text = File.ReadAllText(path).Split("\n}\n")[0] + "\n}";
        StringAssert.Contains(text, was);
        text = text.Replace(was, isNow, StringComparison.Ordinal);
        File.WriteAllText(path, $"{text}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}\n");

        var fault = Assert.ThrowsExactly<AlexNetException>(() => new CheckpointFolder(folder.Path).FindNewest());

        StringAssert.Contains(fault.Message, reason);
    }

    // Of each second a fiftieth at most: one that took 2 s is followed by 100 s without any.
    [TestMethod]
    public void IsDue_AfterOneOfTwoSeconds_WaitsFiftyTimesAsLong()
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualClock();
        using var writer = new CheckpointWriter(
            new CheckpointFolder(folder.Path, step => clock.Now += step.StartsWith("rename 0", StringComparison.Ordinal) ? TimeSpan.FromSeconds(1) : default),
            s_run, TimeSpan.FromSeconds(30), bytes: 40_000_000, new() { Clock = clock }); // 0.2 s on the drive that is assumed
        Assert.IsFalse(writer.IsDue(endsEpoch: true));
        clock.Now += TimeSpan.FromSeconds(10);
        Assert.IsTrue(writer.IsDue(endsEpoch: true));
        Assert.IsFalse(writer.IsDue(endsEpoch: false));
        clock.Now += TimeSpan.FromSeconds(20);
        Assert.IsTrue(writer.IsDue(endsEpoch: false));

        writer.WriteLast(() => Snapshot(step: 3, bestEpoch: 1)); // two files are renamed to a number

        Assert.IsFalse(writer.IsDue(endsEpoch: true));
        clock.Now += TimeSpan.FromSeconds(97.9);
        Assert.IsFalse(writer.IsDue(endsEpoch: true));
        clock.Now += TimeSpan.FromSeconds(0.2);
        Assert.IsTrue(writer.IsDue(endsEpoch: true));
        Assert.IsTrue(writer.IsDue(endsEpoch: false));
    }

    private static TrainingSnapshot Snapshot(int step, int bestEpoch) => new(
        new TrainingPosition(
            1, step, 3, new(1.5, 2, 0.3, 1, 4), 0.5, step, 0, new(1, double.PositiveInfinity, 0), new(bestEpoch, 0.5, -1, 0),
            Precision.Float32, 2,
            [new EpochCompleted(1, 0.01, 1.0 / 3, 0.5, null, null, true, 1, 2)]),
        [KeyValuePair.Create("weights/dense/bias", new Weight([2], [step, 1]))],
        new WeightSet([KeyValuePair.Create("dense/bias", new Weight([2], [bestEpoch, 0.5f]))]));

    private sealed class ManualClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
