using MlNetAlexNet.Faults.Mutants;

namespace MlNetAlexNet.Faults;

[TestClass]
public sealed class HostilePicturesTests
{
    [TestMethod]
    public void Read_EveryHostilePicture_IsReadOrRefusedByName()
    {
        if (!Directory.Exists(HostilePictures.Folder))
            Assert.Inconclusive($"Needs the pictures of '{HostilePictures.Folder}'.");

        using var folder = new TemporaryFolder();
        var count = HostilePictures.List().Length;

        var outcomes = ChildProcess.Read(MutantKind.Get("hostile"), seed: 0, count, folder.Path, Path.Combine(folder.Path, "kept"));

        Assert.IsGreaterThan(200, count);
        Assert.IsEmpty(outcomes.Where(outcome => outcome.IsFault));
        Assert.IsGreaterThan(150, outcomes.Count(outcome => outcome.Text == Outcome.Accepted));
        Assert.IsGreaterThan(13, outcomes.Count(outcome => outcome.Text == Outcome.Refused)); // PngSuite's that begin with x, and JPEGs
    }
}
