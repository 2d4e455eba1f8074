using System.IO.Compression;
using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Transforms.Image;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;
using Onnx;

namespace MlNetAlexNet.Tests.ModelZips;

/// <summary>Files that are no model zip of this library: each is refused by name, whatever is wrong with it.</summary>
[TestClass]
public sealed class ModelZipRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public required TestContext TestContext { get; set; }

    private string Zip => Path.Combine(_folder.Path, "model.zip");

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void ModelZip_MissingFile_IsNamed() => AssertAllRefuse(Zip, "does not exist");

    [TestMethod]
    public void ModelZip_Folder_IsNamed() => AssertAllRefuse(_folder.Path, "is a folder");

    [TestMethod]
    public void ModelZip_TextFile_IsNamed()
    {
        File.WriteAllText(Zip, "This is no zip.");
        AssertAllRefuse(Zip, "not a zip");
    }

    [TestMethod]
    [DataRow(0.1)]
    [DataRow(0.99)]
    public void ModelZip_CutZip_IsNamed(double kept)
    {
        Save();
        var whole = File.ReadAllBytes(Zip);
        File.WriteAllBytes(Zip, whole[..(int)(kept * whole.Length)]);
        AssertAllRefuse(Zip, "not a zip");
    }

    [TestMethod]
    public void ModelZip_ZipOfOtherContent_IsNamed()
    {
        using (var zip = ZipFile.Open(Zip, ZipArchiveMode.Create))
            zip.CreateEntry("a");
        AssertAllRefuse(Zip, "holds no network");
    }

    [TestMethod]
    public void ModelZip_AnotherPipelinesZip_IsNamed()
    {
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable<LabeledImage>([]);
        ml.Model.Save(ml.Transforms.CopyColumns("Copy", "Label").Fit(view), view.Schema, Zip);
        AssertAllRefuse(Zip, "holds no network");
    }

    [TestMethod]
    public void ModelZip_NetworkOfText_IsNamed()
    {
        Save();
        using (var zip = ZipFile.Open(Zip, ZipArchiveMode.Update))
        {
            using var network = zip.Entries.Single(entry => entry.Name == "OnnxModel").Open();
            network.SetLength(0);
            network.Write("Four bytes of length, then no ONNX model."u8);
        }

        AssertRefuses(() => ModelZip.Read(Zip), Zip, "no ONNX model");
        AssertRefuses(() => ModelZip.Load(new MLContext(), Zip), Zip, "cannot be read as a model zip");
        AssertRefuses(() => ImageClassifier.Load(Zip), Zip, "cannot be read as a model zip");
    }

    [TestMethod]
    public void ModelZip_WeightsThatChanged_AreNoticedByTheChecksum()
    {
        Save();
        var broken = File.ReadAllBytes(Zip);
        var weight = broken.AsSpan().IndexOf(BitConverter.GetBytes(1f / 9));
        broken[weight] ^= 1;
        File.WriteAllBytes(Zip, broken);

        AssertRefuses(() => ImageClassifier.Load(Zip), Zip, "checksum");
        AssertRefuses(() => ModelZip.Read(Zip), Zip, "checksum");
    }

    [TestMethod]
    public void ImageClassifier_NetworkWithoutScore_IsNamed()
    {
        Save();
        Replace(new ModelProto
        {
            IrVersion = 7,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 13 } },
            Graph = new GraphProto
            {
                Name = "other",
                Node = { new NodeProto { OpType = "Identity", Input = { "x" }, Output = { "y" } } },
                Input = { Value("x") },
                Output = { Value("y") },
            },
        });

        AssertRefuses(() => ImageClassifier.Load(Zip), Zip, "'Score'");

        static ValueInfoProto Value(string name) => new()
        {
            Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1 } },
        };
    }

    [TestMethod]
    public void ImageClassifier_ZipThatTakesPixels_IsNamed()
    {
        var ml = new MLContext(seed: 1);
        using var chain = ScoringChain.Create(ml, ColourModel.Create());
        ModelZip.Save(ml, chain, null!, Zip);

        AssertRefuses(() => ImageClassifier.Load(Zip), Zip, "no stage that loads pictures");
    }

    [TestMethod]
    [DataRow(ImageResizingEstimator.ResizingKind.Fill, ImagePixelExtractingEstimator.ColorsOrder.ARGB, "resizes")]
    [DataRow(ImageResizingEstimator.ResizingKind.IsoCrop, ImagePixelExtractingEstimator.ColorsOrder.ABGR, "extracts")]
    public void ImageClassifier_ZipWithOtherPictureStages_IsRefused(
        ImageResizingEstimator.ResizingKind resizing, ImagePixelExtractingEstimator.ColorsOrder order, string reason)
    {
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable(ColourModel.Draw(_folder.Path));
        using var model = ml.Transforms.LoadImages("Image", null, "ImagePath")
            .Append(ml.Transforms.ResizeImages("Image", 256, 256, "Image", resizing))
            .Append(ml.Transforms.ExtractPixels(
                "Pixels", "Image", interleavePixelColors: true, outputAsFloatArray: false, orderOfExtraction: order))
            .Fit(view)
            .Append(ScoringChain.Create(ml, ColourModel.Create()));
        ModelZip.Save(ml, model, view.Schema, Zip);

        AssertRefuses(() => ImageClassifier.Load(Zip), Zip, $"it {reason}");
    }

    // It scores in ML.NET, but of pictures it knows nothing.
    [TestMethod]
    public void TryCopyNetwork_OfAnotherProgramsNetwork_DoesNothing()
    {
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable<LabeledImage>([]);
        var own = ScoringChain.Create(ml, ColourModel.Create());
        var pixels = ml.Transforms.LoadPixels(256).Fit(view);
        ModelZip.Save(ml, pixels.Append(own), view.Schema, Zip);
        using (var graph = ModelZipReader.OpenGraph(Zip))
        {
            var network = ModelProto.Parser.ParseFrom(graph.ToArray());
            network.ProducerName = "another";
            Replace(network);
        }

        foreach (var name in (string[])["copy.zip", "copy.onnx"])
        {
            var copy = Path.Combine(_folder.Path, name);
            Assert.IsFalse(ModelFile.TryCopyNetwork(Zip, copy));
            Assert.IsFalse(ModelFile.TryCopyNetwork(Zip, copy, ScoringViews.Mirrored));
            Assert.IsFalse(File.Exists(copy));
        }

        AssertRefuses(() => ModelFile.Read(Zip), Zip, "was written by 'another'");
    }

    [TestMethod]
    public void ModelZip_RandomlyBroken_IsReadOrNamed()
    {
        const int Seed = 7;
        const int Rounds = 30;
        Save();
        var whole = File.ReadAllBytes(Zip);
        var random = new Random(Seed);
        var refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var broken = (byte[])whole.Clone();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                broken[random.Next(broken.Length)] ^= (byte)(1 << random.Next(8));

            File.WriteAllBytes(Zip, broken);
            foreach (var act in (Action[])[() => ModelZip.Read(Zip), () => ImageClassifier.Load(Zip).Dispose()])
            {
                try
                {
                    act();
                }
                catch (Exception fault)
                {
                    refused++;
                    Assert.IsInstanceOfType<AlexNetException>(fault, $"Seed {Seed}, round {round}: {fault}");
                    Assert.Contains(Zip, fault.Message);
                }
            }
        }

        TestContext.WriteLine($"Seed {Seed}: {refused} of {2 * Rounds} refused");
        Assert.IsGreaterThan(Rounds / 3, refused);
    }

    private static void AssertAllRefuse(string path, string reason)
    {
        AssertRefuses(() => ModelZip.Read(path), path, reason);
        AssertRefuses(() => ModelZip.Load(new MLContext(), path), path, reason);
        AssertRefuses(() => ImageClassifier.Load(path), path, reason);
    }

    private static void AssertRefuses(Func<object> act, string path, string reason)
    {
        var fault = Assert.ThrowsExactly<AlexNetException>(act);
        Assert.Contains($"'{path}'", fault.Message);
        Assert.Contains(reason, fault.Message);
    }

    private void Replace(ModelProto network)
    {
        using var graph = ScoringGraph.Open(new MemoryStream(network.ToByteArray()));
        ModelZipWriter.Write(Zip, graph, Zip);
    }

    private void Save() => ColourModel.Save(_folder.Path, ColourModel.Draw(_folder.Path));
}
