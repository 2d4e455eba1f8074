using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.Scoring;

/// <summary>ONNX Runtime of these tests computes on the processor alone, so that any card is refused.</summary>
[TestClass]
public sealed class CudaRefusalTests : IDisposable
{
    private static readonly ScoringOptions s_card = new() { Device = ScoringDevice.Cuda(1) };

    private readonly TemporaryFolder _folder = new();

    private string Zip => ColourModel.Save(_folder.Path, ColourModel.Draw(_folder.Path));

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Load_AZipOntoACard_NamesTheDeviceAndNotTheFile() =>
        AssertRefuses(() => ImageClassifier.Load(Zip, s_card));

    [TestMethod]
    public void Open_AZipOntoACard_NamesTheDeviceAndNotTheFile() =>
        AssertRefuses(() => ImageClassifier.Open(Zip, options: null, out _, s_card));

    [TestMethod]
    public void Load_AModelInMemoryOntoACard_NamesTheDevice() =>
        AssertRefuses(() => ImageClassifier.Load(ColourModel.Create(), s_card));

    [TestMethod]
    public void Load_AfterARefusal_LeavesTheFileFree()
    {
        var zip = Zip;
        AssertRefuses(() => ImageClassifier.Load(zip, s_card));

        File.Open(zip, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
    }

    [TestMethod]
    public void Load_OntoTheProcessorByName_ScoresAsWithoutOptions()
    {
        var images = ColourModel.Draw(_folder.Path);
        var zip = ColourModel.Save(_folder.Path, images);
        using var plain = ImageClassifier.Load(zip);
        using var named = ImageClassifier.Load(zip, new ScoringOptions { Device = ScoringDevice.Cpu });

        CollectionAssert.AreEqual(
            plain.Classify(images[0].ImagePath).Score, named.Classify(images[0].ImagePath).Score);
    }

    private static void AssertRefuses(Func<ImageClassifier> load)
    {
        var fault = Assert.ThrowsExactly<AlexNetException>(() => load().Dispose());

        Assert.AreEqual(
            "Device is cuda:1, but the ONNX Runtime of this build computes on the processor alone. Use cpu, or build "
            + "with the property OnnxRuntime=cuda, which takes the package Microsoft.ML.OnnxRuntime.Gpu.",
            fault.Message);
        Assert.AreEqual(nameof(ScoringOptions.Device), fault.Option);
    }
}
