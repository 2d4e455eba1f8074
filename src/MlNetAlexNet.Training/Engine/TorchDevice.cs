using MlNetAlexNet.Training.Engine.Native;
using TorchSharp;

namespace MlNetAlexNet.Training.Engine;

/// <summary>The Torch device that <see cref="Device"/> stands for on this machine.</summary>
internal static class TorchDevice
{
    /// <exception cref="AlexNetException"><see cref="Device.Cuda"/> where there is no CUDA GPU.</exception>
    public static torch.Device Resolve(Device device)
    {
        NativeLibTorch.EnsureLoaded();
        var cuda = device != Device.Cpu && torch.TryInitializeDeviceType(DeviceType.CUDA) && torch.cuda.is_available();
        return (device, cuda) switch
        {
            (Device.Cuda, false) => throw new AlexNetException(
                "Device is Cuda, but LibTorch finds no CUDA GPU here. Use Auto or Cpu, or a LibTorch for GPUs: set LIBTORCH to the folder of one."),
            (_, true) => torch.CUDA,
            _ => torch.CPU,
        };
    }

    public static string Describe(torch.Device device) => device.type == DeviceType.CUDA
        ? $"CUDA GPU {Math.Max(0, device.index)}"
        : $"CPU ({torch.get_num_threads()} threads)";
}
