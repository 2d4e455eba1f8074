using System.Reflection;
using MlNetAlexNet.Training.Engine.Native;
using TorchSharp;

namespace MlNetAlexNet.Training.Engine;

/// <summary>The Torch device that <see cref="Device"/> stands for on this machine.</summary>
internal static class TorchDevice
{
    /// <summary>Loads LibTorch and looks for the device, so that what is missing is told before any picture is read.</summary>
    /// <exception cref="AlexNetException">
    /// There is no such LibTorch, it does not load, or there is no such device, or none for that precision.
    /// </exception>
    public static void Prepare(TrainingOptions options, TrainingObservation observation)
    {
        var libTorch = string.IsNullOrEmpty(observation.LibTorch) ? null : observation.LibTorch;
        if (NativeLibTorch.EnsureLoaded(libTorch) is { } folder)
            observation.Progress?.Report(new LibTorchLoaded(folder.Path, folder.Version, folder.Warning));

        // It counts the cores of the machine; .NET those that the process may use, by affinity, a container's quota or
        // DOTNET_PROCESSOR_COUNT. OMP_NUM_THREADS may say fewer.
        if (torch.get_num_threads() > Environment.ProcessorCount)
            torch.set_num_threads(Environment.ProcessorCount);

        TensorFloat32.RequireCard(options.Precision, Resolve(options.Device));
    }

    /// <exception cref="AlexNetException">There is no CUDA GPU, or none of that number.</exception>
    public static torch.Device Resolve(Device device)
    {
        NativeLibTorch.EnsureLoaded();
        var hasCuda = device != Device.Cpu && torch.TryInitializeDeviceType(DeviceType.CUDA);
        return Choose(device, hasCuda ? torch.cuda.device_count() : 0);
    }

    /// <param name="device">As asked for.</param>
    /// <param name="cards">CUDA GPUs of this machine.</param>
    internal static torch.Device Choose(Device device, int cards)
    {
        var index = device.Index ?? 0;
        if (device.IsCuda && index >= cards)
        {
            throw new AlexNetException($"Device is {device}, but LibTorch finds " + (cards == 0
                ? "no CUDA GPU here. Use Auto or Cpu, or a LibTorch for GPUs: set LIBTORCH to the folder of one."
                : $"{cards} CUDA GPU(s) here, the last of which is {Device.GetCuda(cards - 1)}. Use one of them."));
        }

        return device.IsCuda || (device == Device.Auto && cards > 0)
            ? new torch.Device(DeviceType.CUDA, index)
            : torch.CPU;
    }

    /// <summary>Sums of more or fewer parts are rounded differently: a training goes on with as many threads as it began with.</summary>
    public static void SetThreads(torch.Device device, int threads)
    {
        if (device.type == DeviceType.CPU && torch.get_num_threads() != threads)
            torch.set_num_threads(threads);
    }

    /// <summary>The kind of device, in words, such as <c>CPU</c> or <c>CUDA GPU</c>.</summary>
    public static string DescribeKind(torch.Device device) => device.type == DeviceType.CPU ? "CPU" : "CUDA GPU";

    public static string Describe(torch.Device device) => device.type == DeviceType.CPU
        ? $"CPU ({torch.get_num_threads()} threads)"
        : $"CUDA GPU {device.index}";

    /// <summary>What is loaded.</summary>
    public static TorchBuild DescribeBuild() => new(
        typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        torch.__version__,
        torch.get_num_threads());

    /// <summary>
    /// Steps from one reading of the loss to the next. A processor has computed it when it is asked for; a GPU is some
    /// steps behind the host, and stands still when the host has waited for it.
    /// </summary>
    public static int CountStepsPerReading(torch.Device device) => device.type == DeviceType.CPU ? 1 : 4;

    /// <summary>TorchSharp has no switch for cuDNN's algorithms, some of which add in an order of their own.</summary>
    public static string DescribeRepeatability(torch.Device device) => device.type == DeviceType.CPU
        ? "one seed gives one result on this processor"
        : "one seed gives one result as far as cuDNN allows";
}
