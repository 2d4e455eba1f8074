using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Data;
using MlNetAlexNet.Training.Engine;
using TorchSharp;
using static TorchSharp.torch;
using Device = MlNetAlexNet.Training.Device;

namespace MlNetAlexNet.Benchmarks.Training;

/// <summary>
/// <c>gpu</c>: what <c>scripts/gpu-check</c> measures of this library, as a line of JSON: <c>steps</c>, images/s of the
/// bare step on noise that is on the GPU; <c>epoch</c>, those of the training loop on pictures made for it, loaded by
/// eight threads; <c>losses</c>, of the same training on the GPU and on the CPU.
/// </summary>
internal static class GpuCheck
{
    public static Command Create()
    {
        var what = new Argument<string>("what");
        what.AcceptOnlyFromAmong("steps", "epoch", "losses");
        var device = Option("--device", "Where to train.", "Cuda");
        var batches = Option("--batch-sizes", "Of steps.", (int[])[128, 512]);
        batches.AllowMultipleArgumentsPerToken = true;
        var precision = Option("--precision", "Of epoch.", Precision.BFloat16);
        var seconds = Option("--seconds", "For each figure of steps, at least.", 1.0);
        var count = Option("--made-pictures", "For epoch; 192 KiB each in the temporary folder.", 20_000);
        var steps = Option("--loss-steps", "Of losses.", 20);
        var command = new Command("gpu", "Measures training on a GPU, for scripts/gpu-check.")
        {
            what, device, batches, precision, seconds, count, steps,
        };
        command.SetAction(parsed =>
        {
            try
            {
                var asked = Device.Parse(parsed.GetValue(device)!);
                TorchDevice.Prepare(new TrainingOptions { Device = asked }, new TrainingObservation());
                object result = parsed.GetValue(what) switch
                {
                    "steps" => Steps(TorchDevice.Resolve(asked), parsed.GetValue(batches)!, parsed.GetValue(seconds)),
                    "epoch" => Epoch(asked, parsed.GetValue(precision), parsed.GetValue(count)),
                    _ => Losses(asked, parsed.GetValue(steps)),
                };
                Console.WriteLine(JsonSerializer.Serialize(result));
                return 0;
            }
            catch (AlexNetException fault)
            {
                Console.Error.WriteLine(fault.Message);
                return 2;
            }
        });
        return command;
    }

    // The key is the batch size and the precision; null is a batch for which the memory does not suffice.
    private static Dictionary<string, double?> Steps(torch.Device device, int[] batches, double seconds)
    {
        Precision[] precisions = device.type == DeviceType.CPU
            ? [Precision.Float32, Precision.BFloat16]
            : [Precision.Float32, Precision.TensorFloat32, Precision.BFloat16];
        var rates = new Dictionary<string, double?>();
        foreach (var batch in batches)
        {
            foreach (var precision in precisions)
                rates[Key(batch, precision)] = Rate(device, batch, precision, seconds);
        }

        return rates;

        static string Key(int batch, Precision precision) =>
            string.Create(CultureInfo.InvariantCulture, $"{batch} {precision}");
    }

    private static double? Rate(torch.Device device, int batch, Precision precision, double seconds)
    {
        TensorFloat32.Choose(precision, device);
        try
        {
            using var step = new OurStep(
                batch, precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32, device);
            for (var steps = 2; ;)
            {
                var rate = step.ImagesPerSecond(steps);
                if (steps * batch / rate >= seconds)
                    return rate;

                steps = Math.Max(2 * steps, (int)(1.2 * seconds * rate / batch));
            }
        }
        catch (Exception fault) when (MemoryFault.Matches(fault))
        {
            return null;
        }
    }

    // Of the second epoch: in the first one cuDNN chooses its algorithms and the memory is got.
    private static Dictionary<string, double> Epoch(Device device, Precision precision, int count)
    {
        var pictures = MadePictures.Draw(count);
        using var set = pictures.Set;
        var history = Train(
            pictures,
            dropout: 0.5,
            new TrainingObservation { LoadingThreads = 8 },
            new TrainingOptions { Epochs = 2, BatchSize = 128, Device = device, Precision = precision }).History;
        return new()
        {
            ["pictures"] = count,
            ["seconds"] = history[1].Seconds,
            ["imagesPerSecond"] = history[1].ImagesPerSecond,
        };
    }

    // Of the steps that a GPU reports; without dropout, which draws other masks there, and at a rate at which the loss of
    // noise keeps its height: where it rises, differences in the last bit grow with it, between two processors as well.
    private static Dictionary<string, double[]> Losses(Device device, int steps)
    {
        const int batch = 16;
        var pictures = MadePictures.Draw(steps * batch);
        using var set = pictures.Set;
        return new Dictionary<string, double[]> { ["gpu"] = Of(device), ["cpu"] = Of(Device.Cpu) };

        double[] Of(Device where)
        {
            var losses = new Dictionary<int, double>();
            var progress = new ProgressHandler<TrainingProgress>(progress =>
            {
                if (progress is StepCompleted step)
                    losses[step.Step] = step.Loss;
            });
            Train(
                pictures,
                dropout: 0,
                new TrainingObservation { Progress = progress },
                new TrainingOptions
                {
                    Epochs = 1, BatchSize = batch, LearningRate = 0.00001, Device = where, Precision = Precision.Float32,
                });
            return [.. losses.Where(loss => loss.Key % 4 == 0 || loss.Key == steps).Select(loss => loss.Value)];
        }
    }

    private static TrainingOutcome Train(
        PixelRows pictures, double dropout, TrainingObservation observation, TrainingOptions options)
    {
        using var batches = TrainingBatches.Create(pictures, OurTraining.Side, options, observation);
        return OurTraining.Run(batches, MadePictures.Classes, dropout, options, observation);
    }

    private static Option<T> Option<T>(string name, string description, T value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}
