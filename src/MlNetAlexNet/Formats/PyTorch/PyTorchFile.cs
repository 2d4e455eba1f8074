using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>
/// PyTorch's <c>.pth</c> and <c>.pt</c> files of a state dict (torch/serialization.py). A pickle is data here: only the
/// tensors in it are taken, NumPy's numbers and a script's settings beside them are passed over, and a file that asks for
/// anything that would run code is refused by name.
/// </summary>
public static class PyTorchFile
{
    private const string Kind = "a PyTorch state dict";

    /// <summary>
    /// Reads what <c>torch.save(model.state_dict(), path)</c> wrote, in today's zip or the pickle stream before PyTorch
    /// 1.6, or a training script's checkpoint that has the state dict inside; float16 and bfloat16 are widened, float64 is rounded.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="plan">
    /// The stack whose weights they are. Default null: torchvision's AlexNet, with the widths and the batch normalization
    /// that the tensors have. Modules are found by torchvision's names in a stack laid out like it, or by the names of
    /// <see cref="Write"/>, whatever stands before or within them, or else by kind, shape and order. Batch normalization
    /// that the file has and the stack has not is put where the file has it.
    /// </param>
    /// <exception cref="AlexNetException">
    /// The file is missing, damaged or not of this kind, or its tensors do not fit the stack; both shapes are named.
    /// </exception>
    public static ModelFileContent Read(string path, LayerPlan? plan = null) =>
        Read(path, plan is null ? null : _ => plan);

    /// <summary>The same with a stack that is given the number of classes in the file.</summary>
    internal static ModelFileContent Read(string path, Func<int, LayerPlan>? stack) =>
        FileReading.Read(path, Kind, file =>
        {
            using var saved = Open(file);
            return StateDictFit.Read(Checkpoint.Find(saved), stack, file.Length);
        });

    /// <summary>
    /// Writes a state dict that <c>torch.load(path, weights_only=True)</c> reads: numbers as they are in memory, at
    /// multiples of 64 bytes. A file that exists is replaced when the new one is whole.
    /// </summary>
    /// <param name="plan">
    /// The stack. One laid out as torchvision's AlexNet has the names of torchvision's modules; in others the weights
    /// of the layer <c>conv2d_1</c> are <c>conv2d_1.weight</c> and <c>conv2d_1.bias</c>.
    /// </param>
    /// <param name="weights">Exactly its weights.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="AlexNetException">The weights do not fit, or the place cannot be written to.</exception>
    public static void Write(LayerPlan plan, WeightSet weights, string path) =>
        NamedWeights.Write(plan, weights, path, StateDictWriter.Write);

    private static ITorchFile Open(FileStream file)
    {
        var first = file.ReadByte();
        file.Position = 0;
        return first switch
        {
            'P' => new TorchZipFile(file),
            0x80 => new TorchLegacyFile(file),
            -1 => throw new AlexNetException("it is empty."),
            _ => throw new AlexNetException("it is neither a zip nor a pickle."),
        };
    }
}
