using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.Scoring;

[TestClass]
public sealed class ScoringDeviceTests
{
    [TestMethod]
    [DataRow("cpu", null, "cpu")]
    [DataRow("CPU", null, "cpu")]
    [DataRow("cuda", 0, "cuda:0")]
    [DataRow("cuda:0", 0, "cuda:0")]
    [DataRow("Cuda:12", 12, "cuda:12")]
    public void Parse_OfADevice_KnowsItsCardAndWritesItBack(string text, int? card, string written)
    {
        var device = ScoringDevice.Parse(text);

        Assert.AreEqual(card, device.Card);
        Assert.AreEqual(written, device.ToString());
        Assert.AreEqual(device, ScoringDevice.Parse(written));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("gpu")]
    [DataRow("cuda:")]
    [DataRow("cuda:-1")]
    [DataRow("cuda:1.5")]
    [DataRow("cuda: 1")]
    [DataRow("cuda:0:1")]
    [DataRow("cuda:3000000000")]
    [DataRow("cpu:0")]
    public void Parse_OfAnythingElse_SaysWhatIsAllowed(string text)
    {
        var fault = Assert.ThrowsExactly<AlexNetException>(() => ScoringDevice.Parse(text));

        StringAssert.StartsWith(fault.Message, $"The device '{text}' is not known. It must be cpu, cuda or");
    }

    [TestMethod]
    public void ScoringOptions_ByDefault_NameTheProcessor()
    {
        Assert.AreEqual(ScoringDevice.Cpu, new ScoringOptions().Device);
        Assert.IsNull(ScoringDevice.Cpu.Card);
        Assert.AreNotEqual(ScoringDevice.Cpu, ScoringDevice.Cuda());
    }

    [TestMethod]
    public void Cuda_WithANumberBelowZero_IsRefused()
    {
        var fault = Assert.ThrowsExactly<AlexNetException>(() => ScoringDevice.Cuda(-1));

        StringAssert.StartsWith(fault.Message, "The CUDA card is -1; it must be at least 0");
    }
}
