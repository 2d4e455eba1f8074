// Scores a folder of pictures to a CSV file: path, label, its probability, and the probability of each class.
//   dotnet run pipelines/score.cs MODEL.zip FOLDER OUT.csv [DEVICE]
// DEVICE is cpu, the default, or cuda, or cuda:1 and so on for other cards. --device DEVICE does, too, behind a -- that
// keeps dotnet run from taking it for its own: dotnet run pipelines/score.cs -- MODEL.zip FOLDER OUT.csv --device cuda
// Pictures that cannot be decoded are named and left out; the exit code is then 2.
#:project ../src/MlNetAlexNet
#:property PublishAot=false

using System.Globalization;
using MlNetAlexNet;
using MlNetAlexNet.Images;
using MlNetAlexNet.Scoring;

if (args is not ([_, _, _] or [_, _, _, _] or [_, _, _, "--device", _]))
{
    Console.Error.WriteLine("usage: dotnet run pipelines/score.cs MODEL.zip FOLDER OUT.csv [DEVICE]");
    return 2;
}

var (model, folder, output) = (args[0], args[1], args[2]);
var unfinished = output + ".tmp";
try
{
    // 1. What computes, and the pictures of the folder, to any depth.
    var device = args is [_, _, _, .., var name] ? ScoringDevice.Parse(name) : ScoringDevice.Cpu;
    var paths = ImagePaths.Expand([folder]);

    // 2. A line for each that can be decoded, in the order of the paths, as the results come.
    var (good, bad) = (0, 0);
    using (var classifier = ImageClassifier.Load(model, new ScoringOptions { Device = device }))
    using (var csv = File.CreateText(unfinished))
    {
        Write(csv, ["path", "label", "probability", .. classifier.Classes]);
        await foreach (var outcome in classifier.TryClassifyManyAsync(paths))
        {
            if (outcome.Prediction is { } prediction)
            {
                var scores = prediction.Score.Select(Number);
                Write(csv, [outcome.Path, prediction.PredictedLabel, Number(prediction.Score.Max()), .. scores]);
                good++;
            }
            else
            {
                Console.Error.WriteLine(outcome.Fault!.Message);
                bad++;
            }
        }
    }

    // 3. The file appears when it is whole.
    File.Move(unfinished, output, overwrite: true);
    Console.WriteLine($"{good} pictures: {output}");
    return bad == 0 ? 0 : 2;
}
catch (Exception e) when (e is AlexNetException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
finally
{
    if (File.Exists(unfinished))
        File.Delete(unfinished);
}

static void Write(TextWriter csv, IEnumerable<string> fields) =>
    csv.Write(string.Join(',', fields.Select(Quoted)) + "\r\n");

// RFC 4180: a field with a comma, a quote or a line break is quoted, and its quotes are doubled.
static string Quoted(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0
    ? field
    : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

static string Number(float value) => value.ToString("R", CultureInfo.InvariantCulture);
