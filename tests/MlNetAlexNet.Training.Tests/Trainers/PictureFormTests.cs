using Microsoft.ML;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Training.Data;
using MlNetAlexNet.Training.Runs;
using MlNetAlexNet.Training.Trainers;

namespace MlNetAlexNet.Training.Tests.Trainers;

/// <summary>The squares that pictures become, from the pipeline or the options of a run into the model.</summary>
[TestClass]
public sealed class PictureFormTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _data;

    public PictureFormTests() => ColoredPictures.Draw(_data = Path.Combine(_folder.Path, "data"), 5);

    private static TrainingOptions Options => TinyPictures.Options with { Epochs = 1 };

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(ImageResizeMode.Crop)]
    [DataRow(ImageResizeMode.Squash)]
    [DataRow(ImageResizeMode.Pad)]
    public void Fit_PicturesOfAMode_GivesAZipOfIt(ImageResizeMode mode)
    {
        var train = _ml.Data.LoadFromEnumerable(ImageFolder.ListLabeled(_data));
        var zip = Path.Combine(_folder.Path, "model.zip");

        var model = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.LoadPixels(36, mode))
            .Append(Trainer(TinyPictures.Start))
            .Fit(train);
        ModelZip.Save(_ml, model, train.Schema, zip);

        var preprocessing = ModelZip.Read(zip).Preprocessing;
        Assert.AreEqual(new PictureForm(36, mode), preprocessing.Form);
        Assert.AreEqual(28, preprocessing.CropSize);
    }

    [TestMethod]
    public void Fit_StartOfAnotherMode_IsRefused()
    {
        var start = TrainingStart.FromStack(
            classes => TinyPictures.Network(classes, 0),
            preprocessing: new ImagePreprocessing(28, [0, 0, 0], [1, 1, 1]) { ImageSize = 32, ResizeMode = ImageResizeMode.Squash });

        Refused(
            () => Trainer(start).Fit(Unreadable(32, ImageResizeMode.Pad)),
            "for pictures of 32x32 (Squash), but these are 32x32 (Pad). Load the pixels with "
                + "ml.Transforms.LoadPixels(32, ImageResizeMode.Squash).");
    }

    [TestMethod]
    [DataRow(36, ImageResizeMode.Crop, "32x32 (Crop), those for validation 36x36 (Crop)")]
    [DataRow(32, ImageResizeMode.Pad, "32x32 (Crop), those for validation 32x32 (Pad)")]
    public void Fit_ValidationOfOtherSquares_IsRefusedBeforeAPictureIsRead(int side, ImageResizeMode mode, string why) => Refused(
        () => Trainer(TinyPictures.Start).Fit(Unreadable(32, ImageResizeMode.Crop), Unreadable(side, mode)), why);

    [TestMethod]
    [DataRow(28, 20, 3)]
    [DataRow(28, 28, 4)]
    public void Fit_StackOfNoPictures_IsRefusedBeforeAPictureIsRead(int height, int width, int channels)
    {
        var start = TrainingStart.FromStack(classes => new(TensorShape.Image(height, width, channels))
        {
            new Flatten(), new Dense(classes, Activation.Softmax),
        });

        Refused(() => Trainer(start).Fit(Unreadable(32, ImageResizeMode.Crop)), "Pictures are square, of three channels");
    }

    [TestMethod]
    public void CutBatch_LargerThanAnArray_IsRefusedByItsOption()
    {
        var fault = Assert.ThrowsExactly<AlexNetException>(() => new CutBatch(capacity: 13_892, side: 227).Dispose());

        Assert.AreEqual("BatchSize", fault.Option);
        StringAssert.Contains(fault.Message, "It must be at most 13891.");
    }

    // 28 by 256 / 227 is 31.6.
    [TestMethod]
    [DataRow(null, null, 32, ImageResizeMode.Crop, "32x32 pictures, crops of 28x28")]
    [DataRow(40, ImageResizeMode.Pad, 40, ImageResizeMode.Pad, "40x40 (Pad) pictures, crops of 28x28")]
    [DataRow(28, null, 28, ImageResizeMode.Crop, "28x28 pictures, whole")]
    public void Execute_SizeAndMode_FollowTheStackUnlessGiven(
        int? size, ImageResizeMode? mode, int expectedSize, ImageResizeMode expectedMode, string said)
    {
        var run = Run("run", TinyPictures.StartIn(_folder), size, mode);

        Assert.AreEqual(new PictureForm(expectedSize, expectedMode), run.Model.Preprocessing.Form);
        Assert.AreEqual(said, run.Input);
        var options = OptionsFile.Read(Path.Combine(_folder.Path, "run", "options.json"));
        Assert.AreEqual((size, mode), (options.ImageSize, options.ResizeMode));
    }

    [TestMethod]
    public void Execute_WarmStart_KeepsTheModelsSizeAndModeUnlessGiven()
    {
        Run("first", TinyPictures.StartIn(_folder), 40, ImageResizeMode.Squash);
        var start = new StartOptions { InitialWeights = Path.Combine(_folder.Path, "first", "model.zip") };

        Assert.AreEqual(new PictureForm(40, ImageResizeMode.Squash), Run("kept", start).Model.Preprocessing.Form);
        Assert.AreEqual(
            new PictureForm(30, ImageResizeMode.Pad), Run("said", start, 30, ImageResizeMode.Pad).Model.Preprocessing.Form);
    }

    [TestMethod]
    public void Execute_PicturesSmallerThanTheCrop_AreRefused() => Refused(
        () => Run("run", TinyPictures.StartIn(_folder), size: 27), "A crop of 28 pixels out of a picture of 27");

    private (TrainedModel Model, string Input) Run(
        string name, StartOptions start, int? size = null, ImageResizeMode? mode = null)
    {
        var said = "";
        var result = TrainingRun.Execute(
            new RunOptions
            {
                Data = _data,
                Output = Path.Combine(_folder.Path, name),
                PixelCache = null,
                Start = start,
                ImageSize = size,
                ResizeMode = mode,
                Training = Options,
            },
            new TrainingObservation
            {
                Progress = new ProgressHandler<TrainingProgress>(step => said = step is TrainingStarted started ? started.Input : said),
            });
        return (ModelZip.Read(result.Folder.Model), said);
    }

    private AlexNetTrainer Trainer(TrainingStart start) => _ml.MulticlassClassification.Trainers.AlexNet(Options, start);

    // Whoever decodes one of its pictures gets another error.
    private IDataView Unreadable(int side, ImageResizeMode mode)
    {
        var rows = _ml.Data.LoadFromEnumerable(
            ColoredPictures.Classes.Select(name => new LabeledImage { ImagePath = "missing.png", Label = name }));
        return _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.LoadPixels(side, mode))
            .Fit(rows).Transform(rows);
    }

    private static void Refused(Action act, string why) =>
        StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(act).Message, why);
}
