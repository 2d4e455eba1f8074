using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Cli.Tests;

[TestClass]
public sealed class ViewFlagsTests
{
    private const string TenCrops = "Views      10 a picture, averaged: four corners, the middle, and their mirror images";
    private const string Mirrored = "Views      2 a picture, averaged: the middle crop and its mirror image";

    private static readonly TemporaryFolder Folder = new();
    private static readonly string Data = Path.Combine(Folder.Path, "data");
    private static readonly string Model = Path.Combine(Folder.Path, "model.zip");

    [ClassInitialize]
    public static void WriteAModel(TestContext context)
    {
        ColoredPictures.Draw(Data, 2);
        var plan = new Sequential(TensorShape.Image(20, 20, 3)) { new Flatten(), new Dense(3, Activation.Softmax) }.Plan();
        ModelFile.Write(
            new TrainedModel(
                plan,
                WeightInitializer.HeNormal(plan, new Random(1)),
                new ImagePreprocessing(20, [120, 110, 100], [60, 50, 70]) { ImageSize = 24 },
                ColoredPictures.Classes),
            Model);
    }

    [ClassCleanup]
    public static void Delete() => Folder.Dispose();

    [TestMethod]
    [DataRow("--ten-crop", TenCrops)]
    [DataRow("--mirrored", Mirrored)]
    public async Task Evaluate_WithOtherViews_SaysSoAndLeavesTheFileAlone(string flag, string line)
    {
        var before = File.ReadAllBytes(Model);

        var evaluated = await Invocation.Of("evaluate", Model, Data, flag);

        Assert.AreEqual(0, evaluated.ExitCode, evaluated.Error);
        Assert.AreEqual(line + "\n", evaluated.Error);
        StringAssert.StartsWith(evaluated.Out, "top-1 ");
        CollectionAssert.AreEqual(before, File.ReadAllBytes(Model));
        Assert.AreEqual("", (await Invocation.Of("evaluate", Model, Data)).Error);
    }

    [TestMethod]
    public async Task Convert_WithViewsAndBack_IsSaidByWhatScores()
    {
        var (crops, keras, back) = (Path.Combine(Folder.Path, "crops.zip"), Path.Combine(Folder.Path, "m.keras"), Path.Combine(Folder.Path, "back.zip"));

        var given = await Invocation.Of("convert", Model, crops, "--ten-crop");
        var written = await Invocation.Of("convert", Model, keras, "--mirrored");
        var taken = await Invocation.Of("convert", crops, back, "--middle-crop");

        Assert.AreEqual(new Invocation(0, $"{TenCrops}\nModel      {crops}, the network as it is\n", ""), given);
        StringAssert.Contains(written.Out, $"{Mirrored}\nModel      {keras}\n");
        Assert.AreEqual(new Invocation(0, $"Model      {back}, the network as it is\n", ""), taken);
        var picture = Path.Combine(Data, "red", "1.png");
        Assert.AreEqual(TenCrops + "\n", (await Invocation.Of("predict", crops, picture)).Error);
        Assert.AreEqual(Mirrored + "\n", (await Invocation.Of("predict", keras, picture)).Error);
        Assert.AreEqual(await Invocation.Of("predict", Model, picture), await Invocation.Of("predict", back, picture));
    }

    [TestMethod]
    public async Task Convert_A8BitNetworkOfAnotherProgram_SaysTheViewsThatItIsGiven()
    {
        var zip = Path.Combine(Folder.Path, "wrapped.zip");

        var run = await Invocation.Of("convert", Expected.Onnx("quantized-qdq.onnx"), zip, "--mirrored");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Out, $"{Mirrored}\nModel      {zip}, the network as it is\n");
        Assert.AreEqual(Mirrored + "\n", (await Invocation.Of("predict", zip, Path.Combine(Data, "red", "1.png"))).Error);
    }

    // Of the picture itself all ten would be one and its mirror image.
    [TestMethod]
    public async Task TenCropsOfAWholePicture_AreRefusedWithTheFlagThatWorks()
    {
        var (whole, keras) = (Path.Combine(Folder.Path, "whole.zip"), Path.Combine(Folder.Path, "whole.keras"));
        Assert.AreEqual(0, (await Invocation.Of("convert", Model, whole, "--image-size", "20")).ExitCode);
        Assert.AreEqual(0, (await Invocation.Of("convert", whole, keras)).ExitCode);

        foreach (var arguments in (string[][])
            [["evaluate", whole, Data], ["evaluate", keras, Data], ["convert", whole, Path.Combine(Folder.Path, "ten.zip")],
            ["convert", whole, Path.Combine(Folder.Path, "ten.keras")]])
        {
            var run = await Invocation.Of([.. arguments, "--ten-crop"]);
            Assert.AreEqual(2, run.ExitCode);
            StringAssert.Contains(run.Error, "Views is TenCrops, but the crop of 20 pixels is the whole picture");
            StringAssert.EndsWith(run.Error, " The flag for that is --mirrored.\n");
        }
    }

    [TestMethod]
    [DataRow("evaluate")]
    [DataRow("convert")]
    [DataRow("train")]
    public async Task TwoOfTheFlags_AreRefused(string command)
    {
        string[] arguments = command switch
        {
            "evaluate" => [Model, Data],
            "convert" => [Model, Path.Combine(Folder.Path, "two.zip")],
            _ => [Data],
        };

        var run = await Invocation.Of([command, .. arguments, "--mirrored", "--ten-crop"]);

        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Error, "--mirrored and --ten-crop exclude each other; give one of them.");
    }
}
