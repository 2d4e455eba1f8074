using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Safetensors;

/// <summary>
/// Safetensors files (https://github.com/huggingface/safetensors, "Format"): a JSON table of named tensors, then their
/// numbers.
/// </summary>
public static class SafetensorsFile
{
    private const string Kind = "a safetensors file";

    /// <summary>Reads the tensors; F16 and BF16 are widened, F64 is rounded.</summary>
    /// <param name="path">The file.</param>
    /// <param name="plan">
    /// As in <see cref="PyTorchFile.Read(string, LayerPlan?)"/>; where names are not known, the order is that of the
    /// numbers in them, convolutions first.
    /// </param>
    /// <exception cref="AlexNetException">
    /// The file is missing, damaged or not of this kind, or its tensors do not fit the stack; both shapes are named.
    /// </exception>
    public static ModelFileContent Read(string path, LayerPlan? plan = null) =>
        Read(path, plan is null ? null : _ => plan);

    /// <summary>The same with a stack that is given the number of classes in the file.</summary>
    internal static ModelFileContent Read(string path, Func<int, LayerPlan>? stack) =>
        FileReading.Read(
            path, Kind, file => StateDictFit.Read(SafetensorsHeader.Read(file), stack, file.Length));

    /// <summary>
    /// Writes the weights as 32-bit numbers, with the names that <see cref="PyTorchFile.Write"/> gives them. A file that
    /// exists is replaced when the new one is whole.
    /// </summary>
    /// <param name="plan">The stack.</param>
    /// <param name="weights">Exactly its weights.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="AlexNetException">The weights do not fit, or the place cannot be written to.</exception>
    public static void Write(LayerPlan plan, WeightSet weights, string path) =>
        NamedWeights.Write(plan, weights, path, SafetensorsWriter.Write);
}
