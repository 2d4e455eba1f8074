using TorchSharp;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Whether products and convolutions of 32-bit floats may round their factors on a GPU. Torch asks for both apart, and
/// allows it by itself in convolutions alone; here it is as the precision says.
/// </summary>
internal static class TensorFloat32
{
    /// <summary>Allows it where the precision says so, and forbids it elsewhere.</summary>
    public static void Choose(Precision precision, torch.Device device)
    {
        RequireCard(precision, device);
        if (device.type != DeviceType.CPU)
        {
            Allow(precision == Precision.TensorFloat32);
        }
    }

    /// <exception cref="AlexNetException">It is asked for on the CPU.</exception>
    public static void RequireCard(Precision precision, torch.Device device)
    {
        if (precision == Precision.TensorFloat32 && device.type == DeviceType.CPU)
        {
            throw new AlexNetException(
                $"Precision is {precision}, which CUDA GPUs alone have, but training runs on the CPU. Use Auto, Float32 or "
                + "BFloat16.");
        }
    }

    /// <summary>For all that the process computes on GPUs.</summary>
    internal static void Allow(bool isAllowed)
    {
        torch.backends.cuda.matmul.allow_tf32 = isAllowed;
        torch.backends.cudnn.allow_tf32 = isAllowed;
    }
}
