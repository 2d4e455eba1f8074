using static System.FormattableString;

namespace MlNetAlexNet.Quantization;

/// <summary>How a model zip is quantized to 8 bits. Immutable.</summary>
public sealed record QuantizationOptions
{
    /// <summary>Model zip of float32.</summary>
    public required string Model { get; init; }

    /// <summary>Zip to write; what stands there is replaced once the new one has been compared.</summary>
    public required string Output { get; init; }

    /// <summary>Training pictures from which the ranges of the activations are learnt, at least 1. Default 256.</summary>
    public int CalibrationPictures { get; init; } = 256;

    /// <summary>
    /// Most points of top-1 accuracy on the validation pictures that may be lost, from 0 to 100. Default 0.5.
    /// </summary>
    public double MaximumLoss { get; init; } = 0.5;

    /// <summary>
    /// Whether pictures that cannot be decoded are left out; otherwise they end the work. Default false.
    /// </summary>
    public bool SkipBadImages { get; init; }

    /// <summary>Draws the calibration pictures. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Numbers out of range, and an output that is the zip to quantize.</summary>
    internal IEnumerable<string> ListFaults()
    {
        if (CalibrationPictures < 1)
            yield return Invariant($"CalibrationPictures is {CalibrationPictures}; it must be at least 1.");

        if (MaximumLoss is not (>= 0 and <= 100))
            yield return Invariant($"MaximumLoss is {MaximumLoss} points; it must be between 0 and 100.");

        if (Path.GetFullPath(Output) == Path.GetFullPath(Model))
            yield return $"Output '{Output}' is the zip to quantize; write to another one.";
    }
}
