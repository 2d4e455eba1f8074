using MlNetAlexNet.Layers;
using MlNetAlexNet.Training.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class TorchParameterTests
{
    private static readonly torch.Device Cpu = TorchDevice.Resolve(Training.Device.Cpu);

    [TestMethod]
    [DataRow(ScalarType.Float32, 1)] // the master
    [DataRow(ScalarType.BFloat16, 2)] // and the copy computed with
    public void TorchParameter_OutsideAnyScope_HoldsItsOwnTensorsAlone(ScalarType compute, int tensors)
    {
        float[] values = [1, 2, 3, 4, 5, 6];
        var before = Live();

        using (var parameter = new TorchParameter("w", new Weight([2, 3], values), Cpu, compute))
        {
            Assert.AreEqual(before + tensors, Live());
            CollectionAssert.AreEqual(values, parameter.ToWeight().Values);
            Assert.AreEqual(before + tensors, Live());
        }

        Assert.AreEqual(before, Live());
    }

    private static long Live() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
}
