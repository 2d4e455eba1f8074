using System.Diagnostics;
using System.Globalization;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Faults;

/// <summary>
/// A training run of a small stack with dropout and Auto precision, as a process: it goes on from its checkpoint where there is
/// one, writes checkpoints all the time, and tells each step of writing them. Asked to, it kills itself before one of them.
/// </summary>
internal static class KilledTraining
{
    public const string Name = "killed-training";

    /// <summary>What its line begins with that says the precision chosen.</summary>
    public const string PrecisionLine = "precision ";

    /// <param name="arguments">
    /// Folder with the data and the cache; the run folder in it; the step to be killed at, 0 for none; the precision of a run that
    /// begins.
    /// </param>
    /// <returns>0 once the training has ended.</returns>
    public static int Run(string[] arguments)
    {
        var (folder, output) = (arguments[0], Path.Combine(arguments[0], arguments[1]));
        var killedAt = int.Parse(arguments[2], CultureInfo.InvariantCulture);
        var (step, gate) = (0, new Lock());
        var observation = new TrainingObservation
        {
            CheckpointShare = 0,
            Progress = new ProgressHandler<TrainingProgress>(progress =>
            {
                if (progress is TrainingStarted started)
                    Console.WriteLine(PrecisionLine + started.Precision);
            }),
            BeforeFileStep = what =>
            {
                lock (gate)
                {
                    Console.WriteLine($"{++step} {what}");
                    if (step == killedAt)
                        Process.GetCurrentProcess().Kill(); // SIGKILL
                }
            },
        };
        var run = new RunFolder(output);
        var options = run.HasCheckpoint ? RunOptions.FromCheckpoint(output)
            : Options(folder, output, Enum.Parse<Precision>(arguments[3]));
        Console.WriteLine(run.HasCheckpoint ? "resumes" : "begins");
        TrainingRun.Execute(
            options with { PixelCache = Path.Combine(folder, "cache"), CheckpointMinutes = 1e-4 }, observation);
        return 0;
    }

    /// <summary>Draws the pictures and the stack.</summary>
    public static void Prepare(string folder)
    {
        ColoredPictures.Draw(Path.Combine(folder, "data"), perClass: 20);
        Sequential stack = new(TensorShape.Image(28, 28, 3))
        {
            new Conv2D(8, 5, strides: 2, activation: Activation.Relu),  // 12 x 12 x 8
            new MaxPooling2D(3, strides: 2),                            // 5 x 5 x 8
            new Flatten(),                                              // 200
            new Dropout(0.3),
            new Dense(16, Activation.Relu),
            new Dense(3, Activation.Softmax),
        };
        File.WriteAllText(Path.Combine(folder, "stack.json"), KerasConfig.ToJson(stack.Plan()));
    }

    private static RunOptions Options(string folder, string output, Precision precision) => new()
    {
        Data = Path.Combine(folder, "data"),
        Output = output,
        Overwrite = true, // one that was killed before its first checkpoint may have left a line of history
        Start = new() { Stack = Path.Combine(folder, "stack.json") },
        Training = new()
        {
            Epochs = 12,
            BatchSize = 8,
            WarmUpSteps = 4,
            Optimizer = OptimizerKind.AdamW,
            AveragingDecay = 0.9,
            Device = Device.Cpu,
            Precision = precision,
            Augmentation = new() { SmallestArea = 0.5, ColorJitter = 0.2, Mixup = 0.2, CutMix = 1, MixingProbability = 0.5 },
        },
    };
}
