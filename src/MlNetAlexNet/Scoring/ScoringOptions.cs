using MlNetAlexNet.Images;

namespace MlNetAlexNet.Scoring;

/// <summary>How an <see cref="ImageClassifier"/> scores. Immutable.</summary>
public sealed record ScoringOptions
{
    /// <summary>
    /// What computes the network. Default <see cref="ScoringDevice.Cpu"/>. A card needs the package of ONNX Runtime for
    /// CUDA in place of the one for the processor, and what that needs: NVIDIA's driver, CUDA and cuDNN. It computes in
    /// 32-bit floats, not in TF32. What its provider has no kernel for, such as the layers of an 8-bit network, ONNX
    /// Runtime leaves to the processor.
    /// </summary>
    public ScoringDevice Device { get; init; }

    /// <summary>The most pixels of a picture that is decoded (<see cref="PixelLimit"/>). Default 100 million.</summary>
    public long MaximumPixels { get; init; } = PixelLimit.Default;

    /// <summary>A limit out of range.</summary>
    internal IEnumerable<string> ListFaults() => PixelLimit.ListFaults(MaximumPixels);
}
