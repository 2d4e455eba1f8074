using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Checkpoints;

namespace MlNetAlexNet.Faults.Mutants;

/// <summary>
/// The manifest of a checkpoint: changes of its bytes, which its hash tells, and of its values with a hash that is right, as who
/// means harm would make it. Its tensors are told by the hashes in it.
/// </summary>
internal static class CheckpointMutants
{
    private const string Number = "00000003";

    public static Func<Random, byte[]> Create()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path);
        var whole = File.ReadAllBytes(Path.Combine(folder.Path, Number + ".json"));
        var text = Encoding.UTF8.GetString(whole).TrimEnd('\n');
        var json = Encoding.UTF8.GetBytes(text[..text.LastIndexOf('\n')]);
        return random => random.Next(3) == 0 ? ByteChanges.Apply(whole, random) : WithHash(JsonChanges.Apply(json, random));
    }

    /// <summary>Reads a checkpoint with this manifest, as to go on from it.</summary>
    public static void Read(string path)
    {
        var folder = Directory.CreateDirectory(path + ".checkpoints").FullName;
        try
        {
            Write(folder);
            File.Copy(path, Path.Combine(folder, Number + ".json"), overwrite: true);
            var checkpoint = new CheckpointFolder(folder).FindNewest();
            _ = checkpoint.Run.ListDifferences(checkpoint.Run).Count();
            checkpoint.Load();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] WithHash(byte[] json) =>
        [.. json, (byte)'\n', .. Encoding.UTF8.GetBytes(Convert.ToHexStringLower(SHA256.HashData(json))), (byte)'\n'];

    private static void Write(string folder)
    {
        var weights = new[] { KeyValuePair.Create("dense/bias", new Weight([2], [1, 2])) };
        new CheckpointFolder(folder).Write(
            new RunFacts(new JsonObject { ["data"] = "pictures" }, ["a", "b"], new Dictionary<string, string> { ["device"] = "CPU" }, ReplacesRun: false),
            new TrainingSnapshot(
                new TrainingPosition(
                    1, 3, 5, new(1.5, 2, 0.3, 3, 24), 0.5, 3, 0, new(1, double.PositiveInfinity, 0), new(1, 0.5, -1, 0),
                    Precision.Float32, 2, [new EpochCompleted(1, 0.01, 1.0 / 3, 0.5, null, null, true, 1, 2)]),
                weights,
                new WeightSet(weights)));
    }
}
