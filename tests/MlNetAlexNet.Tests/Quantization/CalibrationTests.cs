using MlNetAlexNet.Quantization;

namespace MlNetAlexNet.Tests.Quantization;

[TestClass]
public sealed class CalibrationTests
{
    [TestMethod]
    public void Ranges_NoPictures_AreRefused() => Refused([], "no pictures to calibrate on");

    [TestMethod]
    public void Ranges_PictureOfAnotherSize_IsRefused() =>
        Refused([new byte[256 * 256 * 3], new byte[227 * 227 * 3]], "Calibration picture 2 has 154587 bytes");

    private static void Refused(IReadOnlyList<byte[]> pictures, string why) => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(
            () => Calibration.Measure(ColourModel.Create(), pictures)).Message,
        why);
}
