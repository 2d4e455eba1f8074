using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using MlNetAlexNet.Training.Engine.Native;
using MlNetAlexNet.Training.Runs;
using TorchSharp;

namespace MlNetAlexNet.Benchmarks;

/// <summary>The machine and the builds that figures belong to.</summary>
internal sealed record Machine(Processor Processor, string LibTorch, string OnnxRuntime, string Runtime)
{
    public static Machine Describe()
    {
        NativeLibTorch.EnsureLoaded();
        return new Machine(
            Processor.Describe(),
            $"{torch.__version__} (TorchSharp), {torch.get_num_threads()} threads",
            OrtEnv.Instance().GetVersionString(),
            RuntimeInformation.FrameworkDescription);
    }

    public override string ToString() =>
        $"Processor: {Processor.Name}, {string.Join(", ", Processor.InstructionSets)}, {Processor.Threads} threads\n" +
        $"LibTorch {LibTorch}; ONNX Runtime {OnnxRuntime}; {Runtime}";
}
