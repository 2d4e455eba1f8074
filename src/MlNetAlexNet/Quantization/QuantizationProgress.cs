namespace MlNetAlexNet.Quantization;

/// <summary>What a quantization is at.</summary>
public enum QuantizationStage
{
    /// <summary>The validation pictures are scored with the float32 zip.</summary>
    ScoringFloat32,

    /// <summary>The ranges of the activations are learnt; reported first with no picture done.</summary>
    Calibrating,

    /// <summary>The biases are corrected, a report for each layer; those are counted instead of pictures.</summary>
    Correcting,

    /// <summary>The validation pictures are scored with the quantized zip.</summary>
    ScoringInt8,
}

/// <summary>One more picture has gone through the network, or the next layer is corrected.</summary>
/// <param name="Stage">What for.</param>
/// <param name="Done">Pictures or layers of this stage so far.</param>
/// <param name="Total">Pictures or layers of this stage in all.</param>
public sealed record QuantizationProgress(QuantizationStage Stage, int Done, int Total);
