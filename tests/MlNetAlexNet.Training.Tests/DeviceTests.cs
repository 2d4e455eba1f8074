using System.Text.Json;

namespace MlNetAlexNet.Training.Tests;

[TestClass]
public sealed class DeviceTests
{
    [TestMethod]
    [DataRow("Auto")]
    [DataRow("Cpu")]
    [DataRow("Cuda")]
    [DataRow("Cuda:0")]
    [DataRow("Cuda:12")]
    public void Parse_OfWhatToStringWrites_GivesTheSame(string text)
    {
        Assert.AreEqual(text, Device.Parse(text).ToString());
        Assert.AreEqual(Device.Parse(text), Device.Parse(text.ToUpperInvariant()));
    }

    [TestMethod]
    public void Parse_OfAName_GivesThatDevice()
    {
        Assert.AreEqual(default, Device.Parse("auto"));
        Assert.AreEqual(Device.Auto, Device.Parse("auto"));
        Assert.AreEqual(Device.Cpu, Device.Parse("cpu"));
        Assert.AreEqual(Device.Cuda, Device.Parse("cuda"));
        Assert.AreEqual(Device.GetCuda(1), Device.Parse("cuda:1"));
        Assert.AreNotEqual(Device.Cuda, Device.GetCuda(0));
        Assert.AreEqual(1, Device.Parse("cuda:1").Index);
        Assert.IsNull(Device.Cuda.Index);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("gpu")]
    [DataRow("1")]
    [DataRow("cuda:")]
    [DataRow("cuda:-1")]
    [DataRow("cuda:one")]
    [DataRow("cuda: 1")]
    [DataRow("cuda:1:2")]
    [DataRow("cpu:0")]
    [DataRow("cuda:99999999999")]
    public void Parse_OfAnotherText_SaysWhatIsAllowed(string text)
    {
        Assert.IsFalse(Device.TryParse(text, out _));
        StringAssert.StartsWith(
            Assert.ThrowsExactly<AlexNetException>(() => Device.Parse(text)).Message,
            $"Device is '{text}'; it must be Auto, Cpu, Cuda, or Cuda and the number of a GPU");
    }

    [TestMethod]
    public void GetCuda_BelowZero_IsRefused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Device.GetCuda(-1));

    [TestMethod]
    public void Json_OfADevice_IsItsText()
    {
        Assert.AreEqual("\"Cuda:1\"", JsonSerializer.Serialize(Device.GetCuda(1)));
        Assert.AreEqual(Device.GetCuda(1), JsonSerializer.Deserialize<Device>("\"Cuda:1\""));
        foreach (var wrong in (string[])["\"gpu\"", "2", "null", "{}"])
            StringAssert.Contains(
                Assert.ThrowsExactly<JsonException>(() => JsonSerializer.Deserialize<Device>(wrong)).Message, "must be Auto");
    }
}
