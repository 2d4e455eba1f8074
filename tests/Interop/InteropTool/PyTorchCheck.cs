using System.Runtime.InteropServices;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Formats.Safetensors;

namespace MlNetAlexNet.InteropTool;

/// <summary>
/// A folder: theirs.* (saved by PyTorch), pictures.bin (bytes, N x 224 x 224 x RGB) and logits.bin (floats, of PyTorch);
/// ours.pth and ours.safetensors are written beside them.
/// </summary>
internal static class PyTorchCheck
{
    private const double MostDifference = 1e-4;

    /// <summary>Reads what PyTorch saved, and writes the same network for it; 1 if a file gives other logits.</summary>
    public static int Run(string folder)
    {
        var pictures = File.ReadAllBytes(Path.Combine(folder, "pictures.bin"));
        var expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "logits.bin"))).ToArray();
        var status = 0;
        foreach (var file in Directory.GetFiles(folder, "theirs*").Order(StringComparer.Ordinal))
        {
            var model = Path.GetExtension(file) == ".onnx" ? OnnxFile.Read(file)
                : Path.GetExtension(file) == ".safetensors" ? SafetensorsFile.Read(file)
                : PyTorchFile.Read(file);
            var ours = Scorer.Logits(model, pictures);
            var largest = ours.Zip(expected, (a, b) => Math.Abs(a - b)).Max();
            Console.WriteLine(FormattableString.Invariant(
                $"PyTorch -> ours  {Path.GetFileName(file),-22} largest difference {largest:0.0e-0}, logits up to {expected.Max():f2}"));
            if (!(largest <= MostDifference) || ours.Length != expected.Length)
                status = 1;
        }

        var network = PyTorchFile.Read(Path.Combine(folder, "theirs.pth"));
        PyTorchFile.Write(network.Plan, network.Weights, Path.Combine(folder, "ours.pth"));
        SafetensorsFile.Write(network.Plan, network.Weights, Path.Combine(folder, "ours.safetensors"));
        return status;
    }
}
