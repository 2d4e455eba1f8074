using MlNetAlexNet.Cli.Progress;

namespace MlNetAlexNet.Cli.Tests.Progress;

/// <summary>Lines are broken between words, never within a path, and hold what a terminal prints.</summary>
[TestClass]
public sealed class WordingTests
{
    [TestMethod]
    public void Break_OwnWords_ButNotWhatIsPutIn()
    {
        var path = "a path/with spaces in it/which is long";
        Wording wording = $"Words before {path}: and {0.5:0.00} behind, which go on";

        CollectionAssert.AreEqual(
            new[] { "Words before", "  a path/with spaces in it/which is long:", "  and 0.50 behind, which", "  go on" }, wording.Break(25).ToArray());
    }

    [TestMethod]
    public void Break_SentenceOfTheLibrary_OutsideItsQuotesAlone()
    {
        Wording wording = "The file '/a b/c d' of today's runs (it's 'x y') isn't there.";

        CollectionAssert.AreEqual(
            new[] { "The file", "  '/a b/c d'", "  of today's", "  runs (it's", "  'x y') isn't", "  there." }, wording.Break(14).ToArray());
    }

    [TestMethod]
    public void Break_Phrases_BetweenThemWhereTheyFit()
    {
        var wording = Wording.Join(["train loss 1.5 top-1 50%", "validation loss 2", "best"]);

        CollectionAssert.AreEqual(new[] { "train loss 1.5 top-1 50%,", "  validation loss 2, best" }, wording.Break(26).ToArray());
        CollectionAssert.AreEqual(
            new[] { "train loss 1.5", "  top-1 50%,", "  validation", "  loss 2, best" }, wording.Break(14).ToArray());
    }

    // Two cells a sign.
    [TestMethod]
    public void Break_Chinese_CountsCells()
    {
        Wording wording = $"{"藍色"} {"圖片"} {"x"}";

        CollectionAssert.AreEqual(new[] { "藍色 圖片", "  x" }, wording.Break(9).ToArray());
        CollectionAssert.AreEqual(new[] { "藍色", "  圖片 x" }, wording.Break(8).ToArray());
    }

    [TestMethod]
    [DataRow("[red]a[/]", "[red]a[/]")]
    [DataRow("a\e[31mb\r\n\tc\u0085\u007f", @"a\u001b[31mb\u000d\u000a\u0009c\u0085\u007f")]
    [DataRow("\u202eעברית\u2066\u200f\u061c\u2028", @"\u202eעברית\u2066\u200f\u061c\u2028")]
    [DataRow("👩‍🔬 é藍", "👩‍🔬 é藍")]
    public void Wording_TextOfOthers_CommandsNoTerminal(string text, string printed)
    {
        Assert.AreEqual(printed, ((Wording)$"{text}").ToString());
        Assert.AreEqual(printed, Wording.Join([text]).ToString());
    }

    [TestMethod]
    public void PrintableWriter_TextOfOthers_KeepsItsLines()
    {
        using var inner = new StringWriter { NewLine = "\n" };
        using var writer = new PrintableWriter(inner);
        writer.WriteLine("a\e[2J\nb\u202e");
        writer.Write('\e');
        writer.WriteLine();

        Assert.AreEqual("a\\u001b[2J\nb\\u202e\n\\u001b\n", inner.ToString());
    }
}
