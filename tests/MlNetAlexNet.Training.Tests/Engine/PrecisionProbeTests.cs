using MlNetAlexNet.Training.Engine;
using TorchSharp;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class PrecisionProbeTests
{
    private static readonly torch.Device Cpu = TorchDevice.Resolve(Training.Device.Cpu);

    [TestMethod]
    [DataRow(Precision.Float32)]
    [DataRow(Precision.BFloat16)]
    public void Choose_AskedFor_IsTaken(Precision precision) =>
        Assert.AreEqual(precision, PrecisionProbe.Choose(precision, Cpu, TimeProvider.System).Precision);

    [TestMethod]
    [DataRow(1.0, 0.5, Precision.BFloat16)]
    [DataRow(1.0, 0.9, Precision.Float32)]
    [DataRow(1.0, 80.0, Precision.Float32)]
    public void Choose_Auto_TakesBFloat16OnlyWhereItWins(double single, double half, Precision expected)
    {
        var (precision, reason) = PrecisionProbe.Choose(Precision.Auto, Cpu, new ScriptedClock(single, half));
        Assert.AreEqual(expected, precision);
        StringAssert.Contains(reason, "GFLOP/s in float32");
    }

    [TestMethod]
    public void Choose_BusyMachine_ComparesTheUndisturbedRuns()
    {
        // All float32 runs but one are held up for longer than a slow bfloat16 product takes.
        var clock = new ScriptedClock(single: 0.5, half: 40, heldUp: 100);
        Assert.AreEqual(Precision.Float32, PrecisionProbe.Choose(Precision.Auto, Cpu, clock).Precision);
    }

    /// <summary>The formats are timed in turn, float32 first; times in milliseconds.</summary>
    private sealed class ScriptedClock(double single, double half, double? heldUp = null) : TimeProvider
    {
        private const int Undisturbed = 10;
        private int _reads;
        private double _now;

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp()
        {
            var measurement = _reads / 2;
            var took = measurement % 2 == 1 ? half : measurement == Undisturbed ? single : heldUp ?? single;
            _now += _reads++ % 2 == 1 ? 1000 * took : 0;
            return (long)_now;
        }
    }
}
