using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

using MlNetAlexNet.Formats.Onnx.Sessions;

namespace MlNetAlexNet.Scoring;

/// <summary>
/// ONNX Runtime's provider for CUDA cards. Its package for CUDA alone has it, in a library that is not loaded before a
/// card is asked for (https://onnxruntime.ai/docs/execution-providers/CUDA-ExecutionProvider.html).
/// </summary>
internal static partial class CudaProvider
{
    private const string Name = "CUDAExecutionProvider";

    // How much ONNX Runtime says on standard error is a setting of the whole process.
    private static readonly Lock s_silence = new();

    /// <summary>Loads the network onto the card.</summary>
    /// <param name="onnx">The network.</param>
    /// <param name="threads">Cores for what the card cannot compute.</param>
    /// <param name="device">The card.</param>
    /// <exception cref="AlexNetException">It cannot be used.</exception>
    public static InferenceSession Open(byte[] onnx, int threads, ScoringDevice device)
    {
        var runtime = OnnxRuntimeSession.Runtime;
        if (!runtime.GetAvailableProviders().Contains(Name))
        {
            throw Refused(
                device,
                "the ONNX Runtime of this build computes on the processor alone",
                "build with the property OnnxRuntime=cuda, which takes the package Microsoft.ML.OnnxRuntime.Gpu");
        }

        lock (s_silence)
        {
            var level = runtime.EnvLogLevel;
            runtime.EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL; // what fails is thrown
            try
            {
                return Load(onnx, threads, device.Card!.Value);
            }
            catch (OnnxRuntimeException fault)
            {
                OnnxRuntimeSession.Open(onnx).Dispose(); // fails, too, if it is not the card's fault
                throw Refused(device, fault);
            }
            finally
            {
                runtime.EnvLogLevel = level;
            }
        }
    }

    /// <summary>The error of a card that ONNX Runtime cannot use.</summary>
    public static AlexNetException Refused(ScoringDevice device, OnnxRuntimeException fault) => Refused(
        device,
        $"ONNX Runtime cannot use it ({FindReason(fault.Message)})",
        "see that the card is there and has the memory, and that NVIDIA's driver, CUDA and cuDNN are installed",
        fault);

    /// <summary>
    /// What went wrong, out of a message that says as well where in ONNX Runtime's source it did; else all of it.
    /// </summary>
    public static string FindReason(string message)
    {
        var reason = Reason().Match(message) is { Success: true } found ? found.Value : message;
        return reason.ReplaceLineEndings(" ").TrimEnd('.', ' ');
    }

    private static InferenceSession Load(byte[] onnx, int threads, int card)
    {
        using var provider = new OrtCUDAProviderOptions();
        provider.UpdateOptions(new Dictionary<string, string>
        {
            ["device_id"] = FormattableString.Invariant($"{card}"),
            // Choosing convolutions by measuring takes a while for each number of pictures, and gives other last digits
            // from run to run.
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            // TF32 has 10 bits of mantissa for the 23 that the processor computes with.
            ["use_tf32"] = "0",
        });
        using var options = OnnxRuntimeSession.CreateOptions(threads);
        options.AppendExecutionProvider_CUDA(provider);
        return new InferenceSession(onnx, options);
    }

    // Of CUDA, cuDNN or cuBLAS; of a card that is not there; of a library that is not.
    [GeneratedRegex(@"[A-Z]+ failure \d+: [^;]+|Invalid device ID.+|Failed to load library .+")]
    private static partial Regex Reason();

    private static AlexNetException Refused(ScoringDevice device, string why, string remedy, Exception? fault = null) =>
        new($"Device is {device}, but {why}. Use cpu, or {remedy}.", fault!) { Option = nameof(ScoringOptions.Device) };
}
