using MlNetAlexNet.Images;
using static System.FormattableString;

namespace MlNetAlexNet.Quantization;

/// <summary>How a model zip is quantized to 8 bits. Immutable.</summary>
public sealed record QuantizationOptions
{
    /// <summary>Model zip of float32.</summary>
    public required string Model { get; init; }

    /// <summary>Zip to write; what stands there is replaced once the new one has been compared.</summary>
    public required string Output { get; init; }

    /// <summary>
    /// Training pictures from which the ranges of the activations are learnt, at least 1. The biases, and where there is one the
    /// rounding of the first kernel (<see cref="ModelQuantization"/>), are learnt from the first 256 of them, or fewer of more than
    /// 295 pixels: as many as fit into 64 MB, 8 at least. Default 256.
    /// </summary>
    public int CalibrationPictures { get; init; } = 256;

    /// <summary>
    /// Most points of top-1 accuracy on the validation pictures that may be lost, above 0 and up to 100. Default 0.5. It takes so many
    /// validation pictures that one of them is no more: 200 for 0.5, 100 for 1. More are a
    /// reason to refuse where a model as good as the float32 one would lose as many in under 5 % of cases
    /// (<see cref="Evaluation.PairedComparison.LossPValue"/>).
    /// </summary>
    public double MaximumLoss { get; init; } = 0.5;

    /// <summary>
    /// Least share of the validation pictures that must get the same class as from the float32 model, from 0 to 1. Default
    /// 0.98: three networks of one recipe agreed on 99.2 to 99.7 % of 372 test pictures (docs/accuracy.md); weakly trained ones, with
    /// more near ties, are allowed a little less. Less is a reason to refuse where a model that agrees as required would
    /// differ on as many pictures in under 5 % of cases (<see cref="Evaluation.PairedComparison.DisagreementPValue"/>).
    /// </summary>
    public double MinimumAgreement { get; init; } = 0.98;

    /// <summary>
    /// Whether pictures that cannot be decoded are left out; otherwise they end the work. Default false.
    /// </summary>
    public bool SkipBadImages { get; init; }

    /// <summary>The most pixels of a picture that is decoded (<see cref="PixelLimit"/>). Default 100 million.</summary>
    public long MaximumPixels { get; init; } = PixelLimit.Default;

    /// <summary>Draws the calibration pictures. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Numbers out of range, files without a name, and an output that is the zip to quantize.</summary>
    internal IEnumerable<string> ListFaults()
    {
        if (CalibrationPictures < 1)
            yield return Invariant($"CalibrationPictures is {CalibrationPictures}; it must be at least 1.");

        if (MaximumLoss is not (> 0 and <= 100))
            yield return Invariant($"MaximumLoss is {MaximumLoss} points; it must be above 0 and at most 100.");

        if (MinimumAgreement is not (>= 0 and <= 1))
            yield return Invariant($"MinimumAgreement is {MinimumAgreement}; it must be between 0 and 1.");

        foreach (var fault in PixelLimit.ListFaults(MaximumPixels))
            yield return fault;

        if (string.IsNullOrWhiteSpace(Model))
            yield return "Model is empty; it must be the zip to quantize.";
        else if (string.IsNullOrWhiteSpace(Output))
            yield return "Output is empty; it must be the zip to write.";
        else if (Path.GetFullPath(Output) == Path.GetFullPath(Model))
            yield return $"Output '{Output}' is the zip to quantize; write to another one.";
    }
}
