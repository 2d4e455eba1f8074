using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.Promotion;
using MlNetAlexNet.Scoring;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Promotion;

[TestClass]
public sealed class HeldOutPicturesTests
{
    [TestMethod]
    public void Select_PicturesOfEveryKind_HoldsOutWhatNeitherHasSeen()
    {
        var champion = ColourModel.Create() with
        {
            TrainedOn = PictureFingerprints.Collect([new(1), new(2)]),
            ChosenBy = PictureFingerprints.Collect([new(3)]),
        };
        GatePicture[] pictures =
        [
            Picture(1, "red", "train"), Picture(4, "red", "train"), Picture(5, "red", "validation"),
            Picture(2, "red", "test"), // which the champion was trained on, when it was in another part
            Picture(3, "red", "test"), // which chose it
            Picture(4, "blue", "test"), Picture(5, "red", "test"), // copies of what the challenger sees
            Picture(6, "red", "test"), Picture(6, "red", "test"), Picture(6, "red", "test"), // one
            Picture(7, "red", "test"), Picture(7, "blue", "test"), // is it red or blue?
            Picture(8, "blue", "test"),
        ];

        var heldOut = HeldOutPictures.Select(pictures, champion);

        CollectionAssert.AreEqual(new ulong[] { 6, 8 }, heldOut.Pictures.Select(picture => picture.Fingerprint.Value).ToArray());
        Assert.AreEqual((1, 1, 2, 2, 2), (heldOut.TrainedOn, heldOut.ChosenBy, heldOut.Learnt, heldOut.Copies, heldOut.Contradictory));
    }

    // printf '0600000000000000\n0800000000000000\n' | sha256sum
    [TestMethod]
    public void Sha256_AnyOrder_IsThatOfTheSortedFingerprints()
    {
        var heldOut = HeldOutPictures.Select([Picture(8, "a", "test"), Picture(6, "a", "test")], ColourModel.Create());

        Assert.AreEqual("51c2eb5002d936815b7ca09ec3e709eaa1358ff36cfc009215043e225ab95e58", heldOut.Sha256);
    }

    // The model does not know cyan, and says something all the same.
    [TestMethod]
    public void Classify_AnyClasses_SaysTheModelsClassOfEach()
    {
        using var folder = new TemporaryFolder();
        LabeledImage[] images =
        [
            new() { ImagePath = ColourModel.Draw(folder.Path, "1.png", SKColors.Blue), Label = "cyan" },
            new() { ImagePath = ColourModel.Draw(folder.Path, "2.png", SKColors.Red), Label = "red" },
            new() { ImagePath = ColourModel.Draw(folder.Path, "3.png", SKColors.Lime), Label = "red" },
        ];
        var heldOut = HeldOutPictures.Select(
            GatePicture.Read(new ImageFolder(folder.Path, ["cyan", "red"], [], [], images)), ColourModel.Create());
        using var classifier = ImageClassifier.Load(ColourModel.Create());

        var said = heldOut.Classify(classifier);

        CollectionAssert.AreEqual(new[] { "blue", "red", "green" }, said.ToArray());
        var (all, shared, added) = ModelComparison.Count(heldOut, classifier.Classes, said, ["cyan", "cyan", "red"]);
        Assert.AreEqual((3, 1, 2, 2, 1), (all!.Pictures, all.ChampionRight, all.ChallengerRight, all.Won, all.Lost));
        Assert.AreEqual((2, 1, 1), (shared!.Pictures, shared.ChampionRight, shared.ChallengerRight));
        Assert.AreEqual((1, 0, 1), (added!.Pictures, added.ChampionRight, added.ChallengerRight));
    }

    [TestMethod]
    public void Classify_PictureThatCannotBeDecoded_IsNamed()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("1.png", [1, 2, 3]);
        var heldOut = HeldOutPictures.Select(
            GatePicture.Read(new ImageFolder(folder.Path, ["red"], [], [], [new() { ImagePath = path, Label = "red" }])), ColourModel.Create());
        using var classifier = ImageClassifier.Load(ColourModel.Create());

        var fault = Assert.ThrowsExactly<AlexNetException>(() => heldOut.Classify(classifier));

        StringAssert.Contains(fault.Message, path);
    }

    private static GatePicture Picture(ulong content, string label, string part) => new($"/{content}", $"{content}", label, part, new(content));
}
