using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Tests.ModelZips;

[TestClass]
public sealed class ModelFileOptionsTests
{
    [TestMethod]
    public void Read_OptionsThatCannotBe_AreAllSaidBeforeTheFileIsRead()
    {
        var options = new ModelFileOptions
        {
            Network = new Sequential(TensorShape.Image(4, 4, 3)) { new Flatten() },
            Preset = AlexNet.GetPreset("paper"),
            Mean = [1, 2],
            StandardDeviation = [1, 0, 1],
            ImageSize = 0,
            LastActivation = Activation.Relu,
        };

        var message = Assert.ThrowsExactly<AlexNetException>(() => ModelFile.Read("no-such-file.pth", options)).Message;

        Assert.AreEqual(
            "Network and Preset 'paper' exclude each other; give one of them.\n"
            + "Mean is 1, 2; it needs a finite number for each channel, three or one.\n"
            + "StandardDeviation is 1, 0, 1; it needs a number above 0 for each channel, three or one.\n"
            + "ImageSize is 0; it must be from 1 to 4096 pixels.\n"
            + "LastActivation is Relu; classes come of Softmax or Sigmoid.",
            message);
        Assert.IsEmpty(new ModelFileOptions().ListFaults());
    }
}
