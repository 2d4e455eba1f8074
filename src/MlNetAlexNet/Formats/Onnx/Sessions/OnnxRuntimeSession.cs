using Microsoft.ML.OnnxRuntime;

namespace MlNetAlexNet.Formats.Onnx.Sessions;

/// <summary>
/// How sessions of ONNX Runtime are made: silent. Of itself it writes to standard error, past the app, what it then throws, and
/// what it misses on the machine.
/// </summary>
internal static class OnnxRuntimeSession
{
    /// <summary>The runtime of this process. An app that has made it before this library has its own settings.</summary>
    public static OrtEnv Runtime
    {
        get
        {
            if (OrtEnv.IsCreated)
                return OrtEnv.Instance();

            var options = new EnvironmentCreationOptions
            {
                logId = nameof(MlNetAlexNet),
                logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, // it warns of cards that it cannot look at
            };
            return OrtEnv.CreateInstanceWithOptions(ref options);
        }
    }

    /// <summary>Settings of a session; the caller disposes them.</summary>
    /// <param name="threads">Cores that work on one call.</param>
    public static SessionOptions CreateOptions(int threads)
    {
        _ = Runtime; // before the options, which would make it with settings of their own
        return new SessionOptions
        {
            IntraOpNumThreads = threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // what fails is thrown
        };
    }

    /// <summary>Loads a network onto the processor.</summary>
    /// <param name="onnx">Its file.</param>
    /// <param name="threads">Cores that work on one call. Default: all that the process may use.</param>
    public static InferenceSession Open(byte[] onnx, int? threads = null)
    {
        using var options = CreateOptions(threads ?? Environment.ProcessorCount);
        return new InferenceSession(onnx, options);
    }

    /// <summary>The same of a file, with what it refers to.</summary>
    public static InferenceSession Open(string path)
    {
        using var options = CreateOptions(Environment.ProcessorCount);
        return new InferenceSession(path, options);
    }
}
