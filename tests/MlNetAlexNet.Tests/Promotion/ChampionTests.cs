using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Promotion;

namespace MlNetAlexNet.Tests.Promotion;

[TestClass]
public sealed class ChampionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _old;
    private readonly string _new;

    public ChampionTests()
    {
        _old = Path.Combine(_folder.Path, "live", "model.zip");
        _new = Path.Combine(_folder.Path, "runs", "other.zip");
        var model = ColourModel.Create();
        ModelFile.Write(model, _old);
        ModelFile.Write(model with { TrainedOn = PictureFingerprints.Collect([new(1)]) }, _new);
    }

    private string Live => Path.GetDirectoryName(_old)!;

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Replace_Challenger_IsInPlaceAndTheOldOneBesideIt()
    {
        var (old, challenger) = (File.ReadAllBytes(_old), File.ReadAllBytes(_new));

        using (var champion = Champion.Claim(_old))
            champion.Replace(_new, Champion.ComputeSha256(_new));

        CollectionAssert.AreEqual(challenger, File.ReadAllBytes(_old));
        CollectionAssert.AreEqual(old, File.ReadAllBytes(Path.Combine(Live, "model.previous.zip")));
        CollectionAssert.AreEqual(challenger, File.ReadAllBytes(_new));
        AssertOnly("model.previous.zip", "model.zip");
    }

    [TestMethod]
    public void Replace_Twice_KeepsTheOneBefore()
    {
        using (var champion = Champion.Claim(_old))
            champion.Replace(_new, Champion.ComputeSha256(_new));
        var second = File.ReadAllBytes(_old);
        ModelFile.Write(ColourModel.Create() with { TrainedOn = PictureFingerprints.Collect([new(2)]) }, _new);

        using (var champion = Champion.Claim(_old))
            champion.Replace(_new, Champion.ComputeSha256(_new));

        CollectionAssert.AreEqual(second, File.ReadAllBytes(Path.Combine(Live, "model.previous.zip")));
    }

    // As a run leaves them side by side; the other's is of other weights.
    [TestMethod]
    [DataRow(5, true)]
    [DataRow(6, false)]
    public void FindTrainable_NetworkWithItsNormalization_IsThatOfTheSameWeightsAlone(int seed, bool isFound)
    {
        ModelFile.Write(Normalized(5), _old);
        var unfolded = Path.Combine(Live, "model-unfolded.onnx");
        OnnxFile.WriteUnfolded(Normalized(seed), unfolded);

        using var champion = Champion.Claim(_old);

        Assert.AreEqual(isFound ? unfolded : _old, champion.FindTrainable());
    }

    [TestMethod]
    public void Claim_WhileAnotherGateHasIt_IsRefusedAndThenNot()
    {
        using (Champion.Claim(_old))
        {
            var fault = Assert.ThrowsExactly<AlexNetException>(() => Champion.Claim(_old));
            StringAssert.Contains(fault.Message, "Another gate is at work");
        }

        Champion.Claim(_old).Dispose();
        AssertOnly("model.zip");
    }

    // A link is the other way to the same file, and the claim one of the file.
    [TestMethod]
    public void Claim_Link_IsOfTheFileItLeadsToAndStaysALink()
    {
        var link = Path.Combine(_folder.Path, "current.zip");
        File.CreateSymbolicLink(link, Path.Combine("live", "model.zip"));

        using (var champion = Champion.Claim(link))
        {
            Assert.AreEqual(_old, champion.Path);
            Assert.ThrowsExactly<AlexNetException>(() => Champion.Claim(_old));
            champion.Replace(_new, Champion.ComputeSha256(_new));
        }

        Assert.IsNotNull(new FileInfo(link).LinkTarget);
        CollectionAssert.AreEqual(File.ReadAllBytes(_new), File.ReadAllBytes(link));
    }

    [TestMethod]
    public void Replace_ChampionChangedByAnother_IsRefusedAndStaysTheirs()
    {
        using var champion = Champion.Claim(_old);
        var theirs = ColourModel.Create() with { TrainedOn = PictureFingerprints.Collect([new(3)]) };
        ModelFile.Write(theirs, _old);
        var bytes = File.ReadAllBytes(_old);

        var fault = Assert.ThrowsExactly<AlexNetException>(() => champion.Replace(_new, Champion.ComputeSha256(_new)));

        StringAssert.Contains(fault.Message, "changed by somebody else");
        Assert.ThrowsExactly<AlexNetException>(champion.RequireUnchanged);
        CollectionAssert.AreEqual(bytes, File.ReadAllBytes(_old));
    }

    // Between the copy of the old one and the last look.
    [TestMethod]
    public void Replace_ChampionChangedOnTheWay_IsRefusedAndStaysTheirs()
    {
        var theirs = File.ReadAllBytes(_new)[..100];
        using var champion = Champion.Claim(_old, step =>
        {
            if (step == "create model.zip")
                File.WriteAllBytes(_old, theirs);
        });

        Assert.ThrowsExactly<AlexNetException>(() => champion.Replace(_new, Champion.ComputeSha256(_new)));

        CollectionAssert.AreEqual(theirs, File.ReadAllBytes(_old));
        AssertOnly("model.previous.zip", "model.zip", "model.zip.claim");
    }

    [TestMethod]
    public void Replace_ChallengerChangedSinceItWasCompared_IsRefused()
    {
        var old = File.ReadAllBytes(_old);
        using var champion = Champion.Claim(_old);
        var compared = Champion.ComputeSha256(_new);
        File.AppendAllText(_new, "!");

        var fault = Assert.ThrowsExactly<AlexNetException>(() => champion.Replace(_new, compared));

        StringAssert.Contains(fault.Message, "since it was compared");
        CollectionAssert.AreEqual(old, File.ReadAllBytes(_old));
        AssertOnly("model.previous.zip", "model.zip", "model.zip.claim");
    }

    // As a drive that becomes full at any of the steps.
    [TestMethod]
    public void Replace_NoRoomAtAnyStep_LeavesTheOldOneUntilTheNewOneIsWhole()
    {
        var (old, challenger) = (File.ReadAllBytes(_old), File.ReadAllBytes(_new));
        var steps = new List<string>();
        using (var champion = Champion.Claim(_old, steps.Add))
            champion.Replace(_new, Champion.ComputeSha256(_new));
        Assert.IsGreaterThanOrEqualTo(10, steps.Count);
        foreach (var full in Enumerable.Range(0, steps.Count))
        {
            File.WriteAllBytes(_old, old);
            var step = 0;
            using (var champion = Champion.Claim(_old, _ => Fill(step++ == full)))
            {
                var fault = Assert.ThrowsExactly<AlexNetException>(() => champion.Replace(_new, Champion.ComputeSha256(_new)));
                StringAssert.Contains(fault.Message, "No space left");
            }

            // The last step comes after the renaming.
            CollectionAssert.AreEqual(full == steps.Count - 1 ? challenger : old, File.ReadAllBytes(_old), steps[full]);
            AssertOnly("model.previous.zip", "model.zip");
        }

        static void Fill(bool isFull)
        {
            if (isFull)
                throw new IOException("No space left on device");
        }
    }

    [TestMethod]
    public void Replace_ChampionForItsOwnerAlone_StaysSo()
    {
        if (OperatingSystem.IsWindows())
            return; // which has no such permissions

        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(_old, Mode);

        using (var champion = Champion.Claim(_old))
            champion.Replace(_new, Champion.ComputeSha256(_new));

        Assert.AreEqual(Mode, File.GetUnixFileMode(_old));
        Assert.AreEqual(Mode, File.GetUnixFileMode(Path.Combine(Live, "model.previous.zip")));
    }

    [TestMethod]
    public void Claim_WhatIsNoModelZip_IsRefused()
    {
        var onnx = Path.Combine(_folder.Path, "model.onnx");
        ModelFile.Write(ColourModel.Create(), onnx);

        foreach (var path in (string[])[onnx, Path.Combine(_folder.Path, "none.zip"), _folder.Path])
        {
            var fault = Assert.ThrowsExactly<AlexNetException>(() => Champion.Claim(path));
            StringAssert.Contains(fault.Message, path);
        }
    }

    [TestMethod]
    public void CreateGate_TwiceInASecond_MakesTwoFolders()
    {
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1));
        using var champion = Champion.Claim(_old);

        Assert.AreEqual(Path.Combine(Live, "model.gates", "20260102-020405"), champion.CreateGate(time));
        Assert.AreEqual(Path.Combine(Live, "model.gates", "20260102-020405-2"), champion.CreateGate(time));
    }

    private void AssertOnly(params string[] names) => CollectionAssert.AreEqual(
        names, Directory.GetFileSystemEntries(Live).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());

    private static TrainedModel Normalized(int seed) => TinyModel.Of(
        new Sequential(TensorShape.Image(16, 16, 3))
        {
            new Conv2D(4, 3), new BatchNormalization(), new ActivationLayer(Activation.Relu), new MaxPooling2D(2), new Flatten(),
            new Dense(8), new BatchNormalization(), new ActivationLayer(Activation.Relu), new Dense(3, Activation.Softmax),
        },
        imageSize: 18,
        seed);
}
