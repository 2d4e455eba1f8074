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

    // The products of float32 are timed before those of bfloat16.
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

    /// <summary>Every first half of the measurements takes one time, every second half the other, in milliseconds.</summary>
    private sealed class ScriptedClock(double single, double half) : TimeProvider
    {
        private const int Measurements = 6;
        private int _reads;
        private double _now;

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp()
        {
            var measurement = _reads / 2;
            _now += _reads++ % 2 == 1 ? 1000 * (measurement < Measurements ? single : half) : 0;
            return (long)_now;
        }
    }
}
