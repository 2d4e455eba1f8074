using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Reports.Records;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Reports;

/// <summary>The records of a run that nobody has trained, with pictures of noise.</summary>
internal static class RecordedRun
{
    public const int Epochs = 3;

    /// <summary>Writes a run folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <param name="perClass">Pictures of each; the first of a class is taken for the next one, with 90%.</param>
    /// <param name="name">Of the run.</param>
    /// <param name="files">Files of pictures to share between them; 0 for names of files that are not there.</param>
    public static string Write(TemporaryFolder folder, IReadOnlyList<string> classes, int perClass, string name = "run", int files = 4)
    {
        var data = Path.Combine(folder.Path, "data");
        string[] drawn = [.. Enumerable.Range(0, files).Select(i => folder.Write($"data/{i}.png", DrawNoise(i)))];
        var pictures = classes.Index().SelectMany(label => Enumerable.Range(0, perClass).Select(i => new ScoredPicture(
            drawn.Length > 0 ? drawn[(label.Index + i) % drawn.Length] : Path.Combine(data, $"gone-{label.Index}-{i}.png"),
            label.Item,
            i == 0 ? classes[(label.Index + 1) % classes.Count] : label.Item,
            0.9f,
            i == 0 ? 0.05f : 0.9f,
            i == 0 ? 1 : 0))).ToList();
        var run = Directory.CreateDirectory(Path.Combine(folder.Path, name)).FullName;
        PredictionsFile.Write(pictures, Path.Combine(run, RunRecords.PredictionsName));
        WriteText(RunRecords.HistoryName, "epoch,learning_rate,train_loss,train_accuracy,validation_loss,validation_accuracy,validation_top5,is_best,seconds,images_per_second\n"
            + string.Concat(Enumerable.Range(1, Epochs).Select(epoch => string.Create(
                CultureInfo.InvariantCulture, $"{epoch},0.01,{2.0 / epoch:R},{epoch / 4.0:R},{3.0 / epoch:R},{epoch / 5.0:R},{epoch / 3.0:R},true,10,100\n"))));
        WriteText(RunRecords.OptionsName, new JsonObject
        {
            ["data"] = data,
            ["training"] = new JsonObject { ["epochs"] = Epochs, ["device"] = name },
        }.ToJsonString());
        WriteText(RunRecords.MetricsName, new JsonObject
        {
            ["classes"] = new JsonArray([.. classes.Select(each => new JsonObject { ["name"] = each })]),
        }.ToJsonString());
        WriteText(RunRecords.DescriptionName, JsonSerializer.Serialize(
            new RunDescription(
                new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                Seconds: 75,
                BestEpoch: 2,
                IsCancelled: false,
                Fault: null,
                new JsonObject { ["device"] = "CPU (2 threads)", ["versions"] = new JsonObject { [".NET"] = "10" } },
                new RunPicturesDescription(
                    [.. classes.Select(each => new ClassPictures(each, 8, 1, perClass))], 0, 1,
                    [new LeftOutPicture($"{data}/{classes[0]}.jpg", "It is no picture.")],
                    new Dictionary<string, int> { [".txt"] = 2 },
                    [new PictureFinding("LabelConflict", [$"train/{classes[0]}/1.png", "train/b/1.png"], "")]),
                [new LayerCost(classes[0], "Dense", "10", 1_000, 2_000, 0.5), new LayerCost("flatten_1", "Flatten", "10", 0, 0, null)]),
            JsonSerializerOptions.Web));
        return run;

        void WriteText(string file, string text) => File.WriteAllText(Path.Combine(run, file), text, new UTF8Encoding(false));
    }

    // Noise is what compresses least: no photograph takes more room.
    private static byte[] DrawNoise(int seed)
    {
        var random = new Random(seed);
        using var bitmap = new SKBitmap(160, 120);
        bitmap.Pixels = [.. Enumerable.Range(0, 160 * 120).Select(_ => new SKColor((uint)random.Next() | 0xff000000))];
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
