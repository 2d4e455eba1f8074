using MlNetAlexNet.Evaluation;
namespace MlNetAlexNet.Quantization;

/// <summary>A quantized model zip beside the one it was made from, on the validation pictures.</summary>
/// <param name="Output">The zip that was written.</param>
/// <param name="Float32">Metrics of the float32 zip.</param>
/// <param name="Int8">Metrics of the quantized zip.</param>
/// <param name="Comparison">The float32 zip as the first and the quantized one as the second, picture by picture.</param>
/// <param name="Float32Bytes">Size of the float32 zip, in bytes.</param>
/// <param name="Int8Bytes">Size of the quantized zip, in bytes.</param>
/// <param name="LeftOut">Pictures for validation and calibration that cannot be decoded and were left out.</param>
public sealed record QuantizationResult(
    string Output,
    Metrics Float32,
    Metrics Int8,
    PairedComparison Comparison,
    long Float32Bytes,
    long Int8Bytes,
    IReadOnlyList<string> LeftOut)
{
    /// <summary>Share of the pictures for which both predict the same class, 0 to 1.</summary>
    public double Agreement => Comparison.Agreement;

    /// <summary>Points of top-1 accuracy that are lost; below 0 where the quantized zip is the better one.</summary>
    public double Loss => Comparison.Loss;
}
