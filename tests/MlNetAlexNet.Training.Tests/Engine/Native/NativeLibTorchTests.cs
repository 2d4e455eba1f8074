using MlNetAlexNet.Training.Engine.Native;
using TorchSharp;

namespace MlNetAlexNet.Training.Tests.Engine.Native;

[TestClass]
public sealed class NativeLibTorchTests
{
    [TestMethod]
    public void EnsureLoaded_ThenATensorSum_IsRight()
    {
        NativeLibTorch.EnsureLoaded();
        NativeLibTorch.EnsureLoaded();

        using var scope = torch.NewDisposeScope();
        Assert.AreEqual(10f, torch.tensor(new float[] { 1, 2, 3, 4 }).sum().item<float>());
    }

    [TestMethod]
    public void EnsureLoaded_AnotherFolderThanTheProcessHas_IsRefused()
    {
        NativeLibTorch.EnsureLoaded();

        var message = Assert.ThrowsExactly<AlexNetException>(() => NativeLibTorch.EnsureLoaded("elsewhere")).Message;

        StringAssert.Contains(message, "'elsewhere'");
        StringAssert.Contains(message, "Start the program anew");
    }
}
