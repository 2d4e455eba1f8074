using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.ModelZips;

[TestClass]
public sealed class ModelZipTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void ModelZip_InAFreshContext_GivesPredictionEngineNamesAndScores()
    {
        var images = ColourModel.Draw(_folder.Path);
        var ml = new MLContext();
        var model = ml.Model.Load(ColourModel.Save(_folder.Path, images), out _);
        using var engine = ml.Model.CreatePredictionEngine<ImageInput, ImagePrediction>(model);

        var blue = engine.Predict(new ImageInput { ImagePath = images[0].ImagePath });
        Assert.AreEqual("blue", blue.PredictedLabel);
        CollectionAssert.AreEqual(new[] { "blue", "red" }, blue.TopLabels);
        // softmax of (0, 0, 255 / 50)
        Assert.AreEqual(Math.Exp(5.1) / (2 + Math.Exp(5.1)), blue.Score[2], 1e-5);
        Assert.AreEqual(blue.Score[2], blue.TopScores[0]);
        Assert.AreEqual(1 / (2 + Math.Exp(5.1)), blue.TopScores[1], 1e-5);
        var unlabelled = new ImageInput { ImagePath = images[2].ImagePath, Label = null! };
        Assert.AreEqual("green", engine.Predict(unlabelled).PredictedLabel);
        var mislabelled = new ImageInput { ImagePath = images[1].ImagePath, Label = "no class" };
        Assert.AreEqual("red", engine.Predict(mislabelled).PredictedLabel);
    }

    // An app has no labels: its rows need not have the column.
    [TestMethod]
    [DataRow("fitted")]
    [DataRow("written")]
    [DataRow("int8")]
    [DataRow("saved again")]
    public void ModelZip_ForScoring_NeedsThePathAlone(string made)
    {
        var images = ColourModel.Draw(_folder.Path);
        var ml = new MLContext();
        var path = Path.Combine(_folder.Path, "model.zip");
        if (made == "written")
            ModelFile.Write(ColourModel.Create(), path);
        else
            path = ColourModel.Save(_folder.Path, images);
        if (made == "int8")
        {
            var source = path;
            path = Path.Combine(_folder.Path, "int8.zip");
            ModelQuantization.Quantize(source, images.Select(image => PixelDecoder.Decode(image.ImagePath)), path);
        }

        if (made == "saved again")
        {
            var loaded = ModelZip.Load(ml, path);
            using (loaded as IDisposable)
            {
                path = Path.Combine(_folder.Path, "again.zip");
                ModelZip.Save(ml, loaded, ml.Data.LoadFromEnumerable(images).Schema, path);
            }
        }

        using var model = (TransformerChain<ITransformer>)ml.Model.Load(path, out _);
        using var engine = ml.Model.CreatePredictionEngine<PathAlone, ImagePrediction>(
            ModelZip.ForScoring(model));
        using var stock = ml.Model.CreatePredictionEngine<PathAlone, ImagePrediction>(
            new TransformerChain<ITransformer>([.. model.Skip(1)])); // as pipelines/stock-app.cs does, without this library

        foreach (var image in images[..4])
        {
            Assert.AreEqual(image.Label, engine.Predict(new PathAlone { ImagePath = image.ImagePath }).PredictedLabel);
            Assert.AreEqual(image.Label, stock.Predict(new PathAlone { ImagePath = image.ImagePath }).PredictedLabel);
        }

        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(ml.Data.LoadFromEnumerable(images)));
        Assert.AreEqual(4 / 6d, metrics.MicroAccuracy, 1e-9);
    }

    [TestMethod]
    public void ModelZip_EvaluateOnATransformedSet_CountsRightAnswers()
    {
        var images = ColourModel.Draw(_folder.Path);
        var ml = new MLContext();
        var model = ModelZip.Load(ml, ColourModel.Save(_folder.Path, images));
        using var network = (IDisposable)model; // ML.NET keeps it in a temporary file until then

        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(ml.Data.LoadFromEnumerable(images)));

        Assert.AreEqual(4 / 6d, metrics.MicroAccuracy, 1e-9); // the labels of two are wrong
        Assert.AreEqual((2 / 3d + 1 / 2d + 1) / 3, metrics.MacroAccuracy, 1e-9);
        Assert.IsTrue(double.IsFinite(metrics.LogLoss) && metrics.PerClassLogLoss.All(double.IsFinite));
        var confusion = metrics.ConfusionMatrix;
        CollectionAssert.AreEqual(new double[] { 2, 0, 1 }, confusion.Counts[0].ToArray()); // red: one seen as blue
        StringAssert.Contains(confusion.GetFormattedConfusionTable(), "green");
    }

    [TestMethod]
    public void ModelZip_EvaluateOnKeys_GivesTheSameFigures()
    {
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable(ColourModel.Draw(_folder.Path));

        var names = ml.MulticlassClassification.Evaluate(
            ColourModel.Fit(ml, view).Transform(view), topKPredictionCount: 2);
        var keys = ml.MulticlassClassification.Evaluate(
            ColourModel.Fit(ml, view, namePrediction: false).Transform(view), topKPredictionCount: 2);

        Assert.AreEqual(keys.MicroAccuracy, names.MicroAccuracy);
        Assert.AreEqual(keys.LogLoss, names.LogLoss);
        Assert.AreEqual(keys.TopKAccuracy, names.TopKAccuracy);
    }

    [TestMethod]
    public void ModelZip_Content_IsMicrosoftsAlone()
    {
        using var zip = ZipFile.OpenRead(ColourModel.Save(_folder.Path, ColourModel.Draw(_folder.Path)));

        foreach (var entry in zip.Entries.Where(entry => entry.Name != "OnnxModel"))
        {
            using var content = new MemoryStream();
            using (var stream = entry.Open())
                stream.CopyTo(content);
            foreach (var encoding in (Encoding[])[Encoding.Latin1, Encoding.Unicode])
            {
                var text = encoding.GetString(content.ToArray());
                Assert.IsFalse(text.Contains("AlexNet", StringComparison.OrdinalIgnoreCase), entry.FullName);
            }
        }

        Assert.IsTrue(zip.Entries.Any(entry => entry.Name == "OnnxModel"));
    }

    [TestMethod]
    public void ModelZip_Save_StoresTheNetworkAndIsOtherwiseMLNets()
    {
        var images = ColourModel.Draw(_folder.Path);
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable(images);
        var model = ColourModel.Fit(ml, view);
        var (ours, theirs) = (Path.Combine(_folder.Path, "ours.zip"), Path.Combine(_folder.Path, "theirs.zip"));
        ModelZip.Save(ml, model, view.Schema, ours);
        ml.Model.Save(new TransformerChain<ITransformer>([.. ModelZip.Flatten(model)]), view.Schema, theirs);

        using var our = ZipFile.OpenRead(ours);
        using var their = ZipFile.OpenRead(theirs);
        CollectionAssert.AreEqual(
            their.Entries.Select(entry => entry.FullName).ToArray(), our.Entries.Select(entry => entry.FullName).ToArray());
        foreach (var (one, other) in our.Entries.Zip(their.Entries))
            Assert.AreEqual(other.Crc32, one.Crc32, one.FullName);

        var network = our.Entries.Single(entry => entry.Name == "OnnxModel");
        Assert.AreEqual(network.Length, network.CompressedLength);
    }

    [TestMethod]
    public void ModelZip_SavedByMLNet_IsLoadedByTheClassifier()
    {
        var images = ColourModel.Draw(_folder.Path);
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable(images);
        var path = Path.Combine(_folder.Path, "model.zip");
        ml.Model.Save(ColourModel.Fit(ml, view), view.Schema, path);

        using var classifier = ImageClassifier.Load(path);

        Assert.AreEqual("blue", classifier.Classify(images[0].ImagePath).PredictedLabel);
    }

    [TestMethod]
    public void ModelZip_LoadedAndSavedAgain_Works()
    {
        var images = ColourModel.Draw(_folder.Path);
        var ml = new MLContext(seed: 1);
        var again = Path.Combine(_folder.Path, "again.zip");
        var loaded = ModelZip.Load(ml, ColourModel.Save(_folder.Path, images));
        using (loaded as IDisposable)
            ModelZip.Save(ml, loaded, ml.Data.LoadFromEnumerable(images).Schema, again);

        using var classifier = ImageClassifier.Load(again);

        Assert.AreEqual("blue", classifier.Classify(images[0].ImagePath).PredictedLabel);
    }

    [TestMethod]
    public void ModelZip_TwoNetworks_AreSavedByMLNetAndReadAsNeither()
    {
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable(ColourModel.Draw(_folder.Path));
        using var first = ColourModel.Fit(ml, view) as IDisposable;
        var scored = ((ITransformer)first!).Append(Second());
        var path = Path.Combine(_folder.Path, "two.zip");

        ModelZip.Save(ml, scored, view.Schema, path);

        using (var loaded = (IDisposable)ModelZip.Load(ml, path))
        {
            CollectionAssert.AreEqual(
                scored.Transform(view).GetColumn<float[]>("Score").SelectMany(score => score).ToArray(),
                ((ITransformer)loaded).Transform(view).GetColumn<float[]>("Score").SelectMany(score => score).ToArray());
        }

        foreach (var act in (Func<object>[])[() => ModelZip.Read(path), () => ImageClassifier.Load(path)])
            StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(act).Message, "several networks");

        // The classes the other way round, so that it shows which network is where.
        ITransformer Second()
        {
            var model = ColourModel.Create();
            return ScoringChain.Create(ml, new TrainedModel(
                model.Plan, model.Weights, model.Preprocessing, [.. ColourModel.Classes.Reverse()]));
        }
    }

    [TestMethod]
    public void ScoringChain_TemporaryFolderThatCannotBeWritten_IsNamed()
    {
        var file = _folder.Write("taken");
        var ml = new MLContext(seed: 1) { TempFilePath = Path.Combine(file, "below") };

        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => ScoringChain.Create(ml, ColourModel.Create())).Message, file);
    }

    [TestMethod]
    public void ModelZip_Read_GivesTheTrainedModelBack()
    {
        var model = ModelZip.Read(ColourModel.Save(_folder.Path, ColourModel.Draw(_folder.Path)));

        CollectionAssert.AreEqual(ColourModel.Classes, model.Classes.ToArray());
        CollectionAssert.AreEqual(
            ColourModel.Create().Weights["dense_1/kernel"].Values, model.Weights["dense_1/kernel"].Values);
        Assert.AreEqual(256, model.Preprocessing.ImageSize);
    }

    [TestMethod]
    public void ModelZip_Save_LeavesTheOldZipWhenItFails()
    {
        var path = Path.Combine(_folder.Path, "model.zip");
        File.WriteAllText(path, "old");
        var ml = new MLContext(seed: 1) { TempFilePath = _folder.Path };
        var images = ml.Data.LoadFromEnumerable(ColourModel.Draw(_folder.Path));
        var chain = ColourModel.Fit(ml, images);
        foreach (var network in Directory.EnumerateFiles(ml.TempFilePath, "*.onnx", SearchOption.AllDirectories))
            File.Delete(network); // from which ML.NET would save

        Assert.ThrowsExactly<AlexNetException>(() => ModelZip.Save(ml, chain, images.Schema, path));

        Assert.AreEqual("old", File.ReadAllText(path));
        Assert.IsFalse(Directory.EnumerateFiles(_folder.Path, "*.tmp").Any());
    }

    [TestMethod]
    public void ModelZip_SaveIntoAFile_SaysWhere()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");
        var ml = new MLContext(seed: 1);

        var fault = Assert.ThrowsExactly<AlexNetException>(() =>
            ModelZip.Save(ml, new TransformerChain<ITransformer>(), null!, Path.Combine(file, "model.zip")));

        StringAssert.Contains(fault.Message, file);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void ForImagesInMemory_AnImageColumn_IsScoredWithoutAFile(bool isLoaded)
    {
        var ml = new MLContext(seed: 1);
        var images = ColourModel.Draw(_folder.Path);
        var fromFiles = isLoaded
            ? ModelZip.Load(ml, ColourModel.Save(_folder.Path, images))
            : ColourModel.Fit(ml, ml.Data.LoadFromEnumerable(images));
        using var network = (IDisposable)fromFiles;
        var model = ModelZip.ForImagesInMemory(fromFiles);
        using var green = PixelDecoder.DecodeImage(images[2].ImagePath);
        using var engine = ml.Model.CreatePredictionEngine<Picture, ImagePrediction>(model);

        Assert.AreEqual("green", engine.Predict(new Picture { Image = green }).PredictedLabel);
    }

    [TestMethod]
    public void ForImagesInMemory_ModelOfPixels_IsRefused()
    {
        var chain = ScoringChain.Create(new MLContext(seed: 1), ColourModel.Create());

        Assert.ThrowsExactly<AlexNetException>(() => ModelZip.ForImagesInMemory(chain));
    }

    [TestMethod]
    public void ModelZip_AlexNet_IsSavedLoadedAndReadBitForBit()
    {
        var stack = AlexNet.Keras(10, dropout: 0.5);
        var weights = WeightInitializer.HeNormal(stack.Plan(), new Random(1));
        var preprocessing = new ImagePreprocessing(227, [120, 110, 100], [60, 60, 60]);
        string[] classes = [.. Enumerable.Range(0, 10).Select(i => $"class {i}")];
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable(ColourModel.Draw(_folder.Path)[..1]);
        var path = Path.Combine(_folder.Path, "alexnet.zip");
        float[] score;
        using (var model = ml.Transforms.LoadPixels().Fit(view)
            .Append(ScoringChain.Create(ml, new TrainedModel(stack.Plan(), weights, preprocessing, classes))))
        {
            score = model.Transform(view).GetColumn<float[]>("Score").Single();
            ModelZip.Save(ml, model, view.Schema, path);
        }

        var read = ModelZip.Read(path);
        using var classifier = ImageClassifier.Load(path);

        CollectionAssert.AreEqual(stack.ToArray(), read.Plan.Select(layer => layer.Layer).ToArray());
        foreach (var (key, weight) in weights)
            Assert.IsTrue(weight.Values.AsSpan().SequenceEqual(read.Weights[key].Values), key);
        CollectionAssert.AreEqual(score, classifier.Classify(Path.Combine(_folder.Path, "1.png")).Score);
        Assert.AreEqual(1, score.Sum(), 1e-5);
    }

    private sealed class Picture
    {
        [ImageType(256, 256)]
        public MLImage? Image { get; set; }
    }

    private sealed class PathAlone
    {
        public string ImagePath { get; set; } = "";
    }
}
