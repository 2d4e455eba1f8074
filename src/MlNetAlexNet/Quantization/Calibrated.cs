namespace MlNetAlexNet.Quantization;

/// <summary>What a float network on calibration pictures has taught of the same network in 8 bits.</summary>
/// <param name="Ranges">Of each value of <see cref="Formats.Onnx.Own.OnnxExport.ListActivations"/>.</param>
internal sealed record Calibrated(IReadOnlyDictionary<string, ActivationRange> Ranges)
{
    /// <summary>How the pixels under the first kernel vary together; null where it is rounded weight by weight.</summary>
    public PatchCovariance? Patches { get; init; }

    /// <summary>What is added to a layer's bias, a value a channel, by the layer's name. Default nothing.</summary>
    public IReadOnlyDictionary<string, float[]> BiasShifts { get; init; } = new Dictionary<string, float[]>();
}
