using System.Runtime.InteropServices;
using MlNetAlexNet.Training.Engine;

#pragma warning disable CA2201 // The runtime's own exceptions are what is told apart here.

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class MemoryFaultTests
{
    // As LibTorch words them: its allocator for GPUs, CUDA below it, its allocator for the CPU.
    [TestMethod]
    [DataRow("CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 14.56 GiB of which 9.38 MiB is free.")]
    [DataRow("CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported at some other API call")]
    [DataRow("DefaultCPUAllocator: can't allocate memory: you tried to allocate 48001344009408 bytes. Error code 12")]
    public void Matches_LibTorchsWords_NamesTheBatchSize(string message)
    {
        var fault = new ExternalException(message);

        Assert.IsTrue(MemoryFault.Matches(fault));
        var explained = MemoryFault.Explain(fault, new TrainingOptions { BatchSize = 4096 });
        Assert.AreEqual("BatchSize", explained.Option);
        StringAssert.StartsWith(explained.Message, "BatchSize is 4096,");
        Assert.AreSame(fault, explained.InnerException);
    }

    [TestMethod]
    public void Matches_AnotherError_DoesNot()
    {
        Assert.IsFalse(MemoryFault.Matches(new ExternalException("CUDA error: device-side assert triggered")));
        Assert.IsFalse(MemoryFault.Matches(new InvalidOperationException("out of memory")));
        Assert.IsTrue(MemoryFault.Matches(new OutOfMemoryException()));
    }
}
