using MlNetAlexNet.Layers;
using MlNetAlexNet.Training.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class ChannelsLastTests
{
    private static readonly torch.Device Cpu = TorchDevice.Resolve(Training.Device.Cpu);

    [TestMethod]
    public void ToMemoryOrder_Kernel_HasChannelsInnermostWithoutACopy()
    {
        using var scope = NewDisposeScope();
        var kernel = ChannelsLast.Of(arange(2 * 3 * 2 * 2).to(ScalarType.Float32).reshape(2, 3, 2, 2));
        CollectionAssert.AreEqual(new long[] { 2, 3, 2, 2 }, kernel.shape);
        CollectionAssert.AreEqual(new long[] { 12, 1, 6, 3 }, kernel.stride());
        CollectionAssert.AreEqual(
            new float[] { 0, 4, 8, 1, 5, 9 }, ChannelsLast.ToMemoryOrder(kernel).data<float>().Take(6).ToArray());
        ChannelsLast.ToMemoryOrder(kernel).fill_(1);
        Assert.AreEqual(24, kernel.sum().item<float>());
    }

    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.BFloat16)]
    public void Step_KernelWithGradientInTorchsOrder_UpdatesEachWeightByItsOwn(ScalarType compute)
    {
        using var scope = NewDisposeScope();
        var start = Enumerable.Range(0, 4 * 3 * 5 * 2).Select(i => (float)i).ToArray();
        using var parameter = new TorchParameter("w", new Weight([4, 3, 5, 2], start), Cpu, compute);
        var gradient = tensor(start).reshape(4, 3, 5, 2).to(compute);
        using var sgd = new Sgd([parameter], momentum: 0, isNesterov: false, weightDecay: 0);
        sgd.Step([gradient], learningRate: 0.5);
        CollectionAssert.AreEqual(start.Select(value => value / 2).ToArray(), parameter.ToWeight().Values);
        Assert.IsFalse(parameter.Compute.ne(parameter.Master.to(compute)).any().item<bool>());
    }
}
