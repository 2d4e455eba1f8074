using MlNetAlexNet.Training.Engine;
using TorchSharp;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class TorchDeviceTests
{
    [TestMethod]
    [DataRow("Auto", 0, "cpu")]
    [DataRow("Auto", 2, "cuda:0")]
    [DataRow("Cpu", 2, "cpu")]
    [DataRow("Cuda", 1, "cuda:0")]
    [DataRow("Cuda:0", 1, "cuda:0")]
    [DataRow("Cuda:1", 2, "cuda:1")]
    public void Choose_OfTheCardsThatThereAre_GivesTheDevice(string device, int cards, string expected) =>
        Assert.AreEqual(expected, TorchDevice.Choose(Device.Parse(device), cards).ToString());

    [TestMethod]
    [DataRow("Cuda", 0, "no CUDA GPU here")]
    [DataRow("Cuda:1", 0, "no CUDA GPU here")]
    [DataRow("Cuda:2", 2, "2 CUDA GPU(s) here, the last of which is Cuda:1")]
    public void Choose_ACardThatThereIsNot_IsRefused(string device, int cards, string words)
    {
        var message = Assert.ThrowsExactly<AlexNetException>(() => TorchDevice.Choose(Device.Parse(device), cards)).Message;

        StringAssert.Contains(message, $"Device is {device}, but LibTorch finds {words}");
    }

    [TestMethod]
    public void Describe_OfEither_SaysWhetherOneSeedGivesOneResult()
    {
        var card = new torch.Device(DeviceType.CUDA, 1);

        Assert.AreEqual("CUDA GPU 1", TorchDevice.Describe(card));
        Assert.AreEqual("one seed gives one result on this processor", TorchDevice.DescribeRepeatability(torch.CPU));
        Assert.AreEqual("one seed gives one result as far as cuDNN allows", TorchDevice.DescribeRepeatability(card));
    }

    [TestMethod]
    public void RequireCard_TensorFloat32OnTheCpu_IsRefusedByName()
    {
        const Precision precision = Precision.TensorFloat32;
        TensorFloat32.RequireCard(precision, new torch.Device(DeviceType.CUDA, 0));
        TensorFloat32.RequireCard(Precision.Float32, torch.CPU);
        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => TensorFloat32.RequireCard(precision, torch.CPU)).Message,
            "Precision is TensorFloat32");
    }

    [TestMethod]
    public void Allow_OfTensorFloat32_SetsProductsAndConvolutionsAlike()
    {
        var before = (torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32);
        try
        {
            foreach (var isAllowed in (bool[])[true, false])
            {
                TensorFloat32.Allow(isAllowed);

                Assert.AreEqual(isAllowed, torch.backends.cuda.matmul.allow_tf32);
                Assert.AreEqual(isAllowed, torch.backends.cudnn.allow_tf32);
            }
        }
        finally
        {
            (torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32) = before;
        }
    }
}
