using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Benchmarks.Training;

/// <summary>
/// <c>memory</c>: peak resident memory of a run over the training pictures listed ten times by one over them once; each
/// in a process of its own, decoding included, with a small network for an epoch.
/// </summary>
internal static class TrainMemory
{
    private const int Times = 10;
    private const string ChildName = "train-for-memory";

    /// <summary>What the child processes run: trains on a folder and prints its own peak in bytes.</summary>
    public static Command Child()
    {
        var folder = new Argument<string>("folder");
        var command = new Command(ChildName) { folder };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(folder)!;
            var pictures = Path.Combine(path, "pictures");
            var stack = SmallNetwork(ImageFolder.Open(pictures).Classes.Count);
            File.WriteAllText(Path.Combine(path, "stack.json"), KerasConfig.ToJson(stack.Plan()));
            TrainingRun.Execute(new RunOptions
            {
                Data = pictures,
                Output = Path.Combine(path, "run"),
                PixelCache = Path.Combine(path, "pixels"),
                Start = new StartOptions { Stack = Path.Combine(path, "stack.json") },
                Training = new TrainingOptions { Epochs = 1 },
            });
            Console.WriteLine(Process.GetCurrentProcess().PeakWorkingSet64.ToString(CultureInfo.InvariantCulture));
        });
        return command;
    }

    /// <summary>One run each: a peak does not depend on how busy the machine is.</summary>
    public static IEnumerable<Result> Run(Settings settings)
    {
        var (once, often) = (PeakMegabytes(settings, 1), PeakMegabytes(settings, Times));
        yield return new Result(
            "memory", $"pictures listed {Times} times", "listed once", "MB", often, once, often / once, Bar.AtMost(1.1));
    }

    private static double PeakMegabytes(Settings settings, int times)
    {
        var folder = Directory.CreateTempSubdirectory("alexnet-memory-").FullName;
        try
        {
            List(Path.GetFullPath(settings.Pictures), Path.Combine(folder, "pictures"), times);
            var start = new ProcessStartInfo(
                "dotnet", [typeof(TrainMemory).Assembly.Location, ChildName, folder])
            { RedirectStandardOutput = true };
            using var child = Process.Start(start)!;
            var output = child.StandardOutput.ReadToEnd();
            child.WaitForExit();
            return child.ExitCode == 0
                ? double.Parse(output.Trim(), CultureInfo.InvariantCulture) / 1e6
                : throw new InvalidOperationException($"The training ended with {child.ExitCode}: {output}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void List(string pictures, string folder, int times)
    {
        foreach (var part in Directory.GetDirectories(pictures).Select(path => Path.GetFileName(path)))
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(pictures, part), "*", SearchOption.AllDirectories))
            {
                for (var time = 0; time < (part == "train" ? times : 1); time++)
                {
                    var name = Path.GetRelativePath(pictures, file);
                    var link = Path.Combine(folder, Path.GetDirectoryName(name)!, $"{time}-{Path.GetFileName(name)}");
                    Directory.CreateDirectory(Path.GetDirectoryName(link)!);
                    File.CreateSymbolicLink(link, file);
                }
            }
        }
    }

    private static Sequential SmallNetwork(int classes) => new(TensorShape.Image(227, 227, 3))
    {
        new Conv2D(16, 11, strides: 8, activation: Activation.Relu), // 28 x 28 x 16
        new MaxPooling2D(3, strides: 2),                             // 13 x 13 x 16
        new Flatten(),                                               // 2704
        new Dropout(),
        new Dense(classes, Activation.Softmax),
    };
}
