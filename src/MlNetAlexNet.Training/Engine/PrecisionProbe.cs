using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>
/// Chooses the number format. A processor without 16-bit products emulates them up to eighty times slower than 32-bit
/// ones, so the probe is a product small enough to end at once in either format.
/// </summary>
internal static class PrecisionProbe
{
    private const int Side = 256;
    private const int Runs = 5;

    // Below this gain the conversions to and from 16 bits eat what the products save.
    private const double WorthwhileGain = 1.2;

    public static (Precision Precision, string Reason) Choose(Precision wanted, torch.Device device, TimeProvider clock)
    {
        if (wanted != Precision.Auto)
        {
            return (wanted, "as asked for");
        }

        var single = GigaFlops(ScalarType.Float32, device, clock);
        var half = GigaFlops(ScalarType.BFloat16, device, clock);
        var reason = string.Create(
            CultureInfo.InvariantCulture,
            $"a {Side}x{Side} product ran at {single:0} GFLOP/s in float32 and {half:0} in bfloat16");
        return (half > WorthwhileGain * single ? Precision.BFloat16 : Precision.Float32, reason);
    }

    private static double GigaFlops(ScalarType type, torch.Device device, TimeProvider clock)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var a = ones(Side, Side, dtype: type, device: device);
        var best = TimeSpan.MaxValue;
        for (var run = 0; run <= Runs; run++)
        {
            var start = clock.GetTimestamp();
            a.mm(a).sum().to(ScalarType.Float32).item<float>();
            var took = clock.GetElapsedTime(start);
            best = run > 0 && took < best ? took : best; // the first run sets the kernels up
        }

        return 2.0 * Side * Side * Side / Math.Max(best.TotalSeconds, 1e-9) / 1e9;
    }
}
