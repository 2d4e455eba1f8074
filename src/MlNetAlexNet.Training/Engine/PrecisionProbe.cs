using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Chooses the number format. A processor without 16-bit products emulates them up to eighty times slower than 32-bit
/// ones, so the probe is a product small enough to end at once in either format. On a GPU it is one large enough to take
/// longer than starting it does.
/// </summary>
internal static class PrecisionProbe
{
    private const int CpuSide = 256;
    private const int CudaSide = 4096;

    // A busy machine delays some runs; it takes one undisturbed run in each format to compare them.
    private const int Runs = 15;

    // Below this gain the conversions to and from 16 bits eat what the products save.
    private const double WorthwhileGain = 1.2;

    public static (Precision Precision, string Reason) Choose(Precision wanted, torch.Device device, TimeProvider clock)
    {
        if (wanted != Precision.Auto)
        {
            return (wanted, "as asked for");
        }

        var side = device.type == DeviceType.CPU ? CpuSide : CudaSide;
        var (single, half) = (double.MaxValue, double.MaxValue);
        for (var run = 0; run <= Runs; run++)
        {
            var (a, b) = (Seconds(ScalarType.Float32), Seconds(ScalarType.BFloat16));
            (single, half) = run == 0 ? (single, half) : (Math.Min(single, a), Math.Min(half, b)); // the first sets up
        }

        var reason = string.Create(
            CultureInfo.InvariantCulture,
            $"a {side}x{side} product ran at {GigaFlops(single):0} GFLOP/s in float32 and {GigaFlops(half):0} in bfloat16");
        return (half * WorthwhileGain < single ? Precision.BFloat16 : Precision.Float32, reason);

        double Seconds(ScalarType type) => PrecisionProbe.Seconds(side, type, device, clock);

        double GigaFlops(double seconds) => 2 * Math.Pow(side, 3) / Math.Max(seconds, 1e-9) / 1e9;
    }

    private static double Seconds(int side, ScalarType type, torch.Device device, TimeProvider clock)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var a = ones(side, side, dtype: type, device: device); // side x side
        a.sum().to(ScalarType.Float32).item<float>();          // on a GPU it is there only now
        var start = clock.GetTimestamp();
        a.mm(a).sum().to(ScalarType.Float32).item<float>();
        return clock.GetElapsedTime(start).TotalSeconds;
    }
}
