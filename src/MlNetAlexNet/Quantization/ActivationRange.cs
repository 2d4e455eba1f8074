namespace MlNetAlexNet.Quantization;

/// <summary>The values of an activation that 8 bits have to tell apart; others are clipped to them.</summary>
/// <param name="Lowest">At most 0.</param>
/// <param name="Highest">At least 0.</param>
internal readonly record struct ActivationRange(float Lowest, float Highest)
{
    /// <summary>
    /// Asymmetric uint8 quantization (ONNX operator QuantizeLinear): value = scale x (code - zero point), with 0 exact,
    /// since ReLU and padding make so many of it.
    /// </summary>
    public ActivationScale ToScale()
    {
        var scale = Math.Max((Highest - Lowest) / 255, 1e-8f); // an activation that is always 0 must not divide by 0
        return new ActivationScale(scale, (byte)Math.Clamp(MathF.Round(-Lowest / scale), 0, 255));
    }
}

/// <summary>How the codes 0 to 255 of an activation become values: scale x (code - zero point).</summary>
internal readonly record struct ActivationScale(float Scale, byte ZeroPoint);
