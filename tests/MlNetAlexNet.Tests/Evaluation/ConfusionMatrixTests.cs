using MlNetAlexNet.Evaluation;

namespace MlNetAlexNet.Tests.Evaluation;

[TestClass]
public sealed class ConfusionMatrixTests
{
    [TestMethod]
    public void ToString_TenClasses_IsAligned()
    {
        string[] classes = [.. Enumerable.Range(0, 10).Select(i => new string((char)('a' + i), i + 1))];
        var counts = new int[10, 10];
        counts[0, 9] = 123;
        counts[9, 0] = 4;

        var lines = new ConfusionMatrix(classes, counts).ToString().Split('\n')[2..^1];

        Assert.HasCount(11, lines);
        Assert.HasCount(1, lines.Select(line => line.Length).Distinct());
        StringAssert.EndsWith(lines[0], "   9  10");
        Assert.AreEqual(" 1 a            0   0   0   0   0   0   0   0   0 123", lines[1]);
        Assert.AreEqual("10 jjjjjjjjjj   4   0   0   0   0   0   0   0   0   0", lines[10]);
    }

    [TestMethod]
    public void Actual_AndPredicted_AreTheSumsOfRowAndColumn()
    {
        var matrix = new ConfusionMatrix(["a", "b"], new[,] { { 1, 2 }, { 3, 4 } });

        Assert.AreEqual(3, matrix.CountActual(0));
        Assert.AreEqual(4, matrix.CountPredicted(0));
        Assert.AreEqual(2, matrix[0, 1]);
    }
}
