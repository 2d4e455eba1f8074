using System.Reflection;
using System.Runtime.InteropServices;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Training.Runs;

/// <summary>What made the figures of a run, but for the pictures.</summary>
/// <param name="Seed">Of the training.</param>
/// <param name="Device">What it was trained on, such as <c>CPU (2 threads)</c>.</param>
/// <param name="Precision">The number format of the forward and backward pass; never <see cref="Precision.Auto"/>.</param>
/// <param name="TorchThreads">Threads that LibTorch computes with.</param>
/// <param name="Versions">By name.</param>
/// <param name="Processor">Of the machine.</param>
/// <param name="Options">All of the run, as in <c>options.json</c>.</param>
internal sealed record RunProvenance(
    int Seed,
    string Device,
    Precision Precision,
    int TorchThreads,
    IReadOnlyDictionary<string, string> Versions,
    Processor Processor,
    RunOptions Options)
{
    /// <summary>Of a training that has ended in this process.</summary>
    public static RunProvenance Describe(RunOptions options, TrainingResult trained) => new(
        options.Training.Seed,
        trained.Device,
        trained.Precision,
        trained.Torch.Threads,
        new Dictionary<string, string>
        {
            ["MlNetAlexNet"] = Version(),
            [".NET"] = Environment.Version.ToString(),
            ["TorchSharp"] = trained.Torch.TorchSharp,
            ["LibTorch"] = trained.Torch.LibTorch,
            ["ONNX Runtime"] = ScoringSession.RuntimeVersion,
            ["operating system"] = $"{RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture})",
        },
        Processor.Describe(),
        OptionsFile.WithFullPaths(options));

    // With the commit behind a plus sign, where it was built of one.
    private static string Version() => typeof(RunProvenance).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
