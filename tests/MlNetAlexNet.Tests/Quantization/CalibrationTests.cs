using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
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

    // As a caller does who reads picture after picture.
    [TestMethod]
    public void Measure_OneBufferFilledAnew_LearnsFromEachPicture()
    {
        var model = TinyModel.Of(
            new(TensorShape.Image(8, 8, 3)) { new Conv2D(4, 3, activation: Activation.Relu), new Flatten(), new Dense(3, Activation.Softmax) },
            imageSize: 8,
            seed: 1);
        var pictures = Enumerable.Range(0, 5).Select(i => TinyModel.Pixels(model, new Random(i))).ToArray();
        var buffer = new byte[8 * 8 * 3];

        var (expected, actual) = (Calibration.Measure(model, pictures), Calibration.Measure(model, pictures.Select(Fill)));

        foreach (var (layer, shifts) in expected.BiasShifts)
            CollectionAssert.AreEqual(shifts, actual.BiasShifts[layer], layer);
        for (var i = 0; i < expected.Patches!.Values; i++)
            CollectionAssert.AreEqual(expected.Patches.FactorsAfter(i).ToArray(), actual.Patches!.FactorsAfter(i).ToArray());

        byte[] Fill(byte[] picture)
        {
            picture.CopyTo(buffer, 0);
            return buffer;
        }
    }

    [TestMethod]
    [DataRow(64, 256)]
    [DataRow(256, 256)]
    [DataRow(1024, 21)]
    [DataRow(4096, 8)]
    public void CountKept_PicturesOfThatSide_StayWithin64MB(int side, int pictures) =>
        Assert.AreEqual(pictures, Calibration.CountKept(new PictureForm(side, ImageResizeMode.Crop)));

    private static void Refused(IReadOnlyList<byte[]> pictures, string why) => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(
            () => Calibration.Measure(ColourModel.Create(), pictures)).Message,
        why);
}
