using MlNetAlexNet.Formats.PyTorch;
using MlNetAlexNet.Formats.Safetensors;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Formats.PyTorch;

/// <summary>The files that PyTorch itself wrote.</summary>
[TestClass]
public sealed class TorchNetworksTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DynamicData(nameof(TorchNetworks.Files), typeof(TorchNetworks))]
    public void Read_FileOfPyTorch_GivesItsLogits(string file, double tolerance)
    {
        var imported = TorchNetworks.Read(file);

        var logits = OnnxLogits.Of(TorchNetworks.ToClassifier(imported), TorchNetworks.Pictures);

        var largest = TorchNetworks.LargestDifference(logits);
        TestContext.WriteLine(FormattableString.Invariant($"{file}: largest difference of a logit {largest:g3}"));
        Assert.AreEqual(119_858, imported.Plan.Parameters);
        Assert.IsLessThan(tolerance, largest);
    }

    // Batch normalization, folded by the exporter; the second file keeps its weights in another beside it.
    [TestMethod]
    [DataRow("batchnorm-export.onnx")]
    [DataRow("batchnorm-external.onnx")]
    public void Read_ExportWithBatchNormalization_GivesPyTorchsLogits(string file)
    {
        var pictures = NpyFile.Read(Expected.Torch("x224b.npy"));

        var logits = OnnxLogits.Of(TorchNetworks.ToClassifier(TorchNetworks.Read(file)), pictures);

        var largest = TorchNetworks.LargestDifference(logits, NpyFile.Read(Expected.Torch("batchnorm.logits.npy")).Floats);
        TestContext.WriteLine(FormattableString.Invariant($"{file}: largest difference of a logit {largest:g3}"));
        Assert.IsLessThan(1e-4, largest);
    }

    [TestMethod]
    public void Read_StateDict_IsTorchvisionsStackWithItsWidths()
    {
        var plan = TorchNetworks.Read("state_dict.pth").Plan;

        CollectionAssert.AreEqual(
            new[] { 8, 24, 48, 32, 32 }, plan.Select(layer => layer.Layer).OfType<Conv2D>().Select(conv => conv.Filters).ToArray());
        CollectionAssert.AreEqual(
            new[] { 64, 64, 10 }, plan.Select(layer => layer.Layer).OfType<Dense>().Select(dense => dense.Units).ToArray());
        CollectionAssert.AreEqual(
            AlexNet.Torchvision(10).Select(layer => layer.GetType()).ToArray(), plan.Select(layer => layer.Layer.GetType()).ToArray());
    }

    [TestMethod]
    [DataRow("model-fp16.safetensors")]
    [DataRow("state_dict-bf16.pth")]
    public void Read_HalfPrecision_IsTheOtherFilesRounded(string file)
    {
        var whole = TorchNetworks.Read("state_dict.pth").Weights;

        var rounded = new WeightSet(whole.Select(weight => KeyValuePair.Create(
            weight.Key, weight.Value with { Values = [.. weight.Value.Values.Select(Round)] })));

        SameWeights.Assert(rounded, TorchNetworks.Read(file).Weights);

        float Round(float value) => file.Contains("fp16", StringComparison.Ordinal) ? (float)(Half)value : NearestBFloat16(value);
    }

    // The upper half of the bits, rounded to nearest, ties to even.
    private static float NearestBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return BitConverter.UInt32BitsToSingle((bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000);
    }

    [TestMethod]
    public void Read_Checkpoint_SaysWhatItIgnored() => CollectionAssert.AreEqual(
        new[] { "optimizer", "epoch", "args" }, TorchNetworks.Read("checkpoint.pth").Ignored.ToArray());

    [TestMethod]
    public void Read_WholeModule_IsRefusedWithAdvice()
    {
        var fault = Assert.ThrowsExactly<AlexNetException>(() => TorchNetworks.Read("whole_module.pth"));

        StringAssert.Contains(fault.Message, "'__main__.MiniAlexNet'");
        StringAssert.Contains(fault.Message, "torch.save(model.state_dict(), path)");
    }

    [TestMethod]
    [DataRow("state_dict-legacy.pth")]
    [DataRow("checkpoint.pth")]
    [DataRow("model.safetensors")]
    [DataRow("export.onnx")]
    [DataRow("export-torchscript.onnx")]
    public void Read_OtherFileOfTheSameNetwork_GivesTheSameWeights(string file) => SameWeights.Assert(
        TorchNetworks.Read("state_dict.pth").Weights, TorchNetworks.Read(file).Weights);

    [TestMethod]
    [DynamicData(nameof(TorchNetworks.Files), typeof(TorchNetworks))]
    public void Write_WhatWasRead_ComesBackBitForBit(string file, double tolerance)
    {
        _ = tolerance;
        using var folder = new TemporaryFolder();
        var read = TorchNetworks.Read(file);
        var (pth, safetensors) = (Path.Combine(folder.Path, "a.pth"), Path.Combine(folder.Path, "a.safetensors"));

        PyTorchFile.Write(read.Plan, read.Weights, pth);
        SafetensorsFile.Write(read.Plan, read.Weights, safetensors);

        SameWeights.Assert(read.Weights, PyTorchFile.Read(pth, read.Plan).Weights);
        SameWeights.Assert(read.Weights, SafetensorsFile.Read(safetensors, read.Plan).Weights);
    }
}
