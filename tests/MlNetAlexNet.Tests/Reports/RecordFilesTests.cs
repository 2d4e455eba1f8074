using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Reports.Records;

namespace MlNetAlexNet.Tests.Reports;

[TestClass]
public sealed class RecordFilesTests
{
    [TestMethod]
    public void PredictionsFile_NamesOfAnyKind_ComeBackAsTheyWere()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "predictions.csv");
        ScoredPicture[] pictures =
        [
            new("/a/b.jpg", "plain", "other", 0.25f, 1 / 3f, 1),
            new("/a/with, comma \"and quotes\".jpg", " blanks ", "\"", 1, 0, 7),
            new("/a/line\nbreak.jpg", "tab\there", "שלום", 1e-20f, 1e-20f, 999),
            new("/a/😀.jpg", "'", ";", 0.1f, 0.1f, 0),
        ];

        PredictionsFile.Write(pictures, path);

        CollectionAssert.AreEqual(pictures, PredictionsFile.Read(path).ToArray());
    }

    [TestMethod]
    [DataRow("path,label,predicted,probability,label_probability,rank\na,b,c,2,0,0\n", "no probability")]
    [DataRow("path,label,predicted,probability,label_probability,rank\na,b,c,0.5,0.5,-1\n", "no table of predictions")]
    [DataRow("path,label\na,b\n", "no table of predictions")]
    [DataRow("path,label,predicted,probability,label_probability,rank\na,b,c,0.5,0.5,1\na,b\n", "line 3 has 2 fields")]
    public void PredictionsFile_OtherTables_AreRefused(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("predictions.csv", System.Text.Encoding.UTF8.GetBytes(text));

        StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => PredictionsFile.Read(path)).Message, expected);
    }
}
