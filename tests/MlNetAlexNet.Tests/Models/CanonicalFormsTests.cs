using System.Globalization;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Models;

[TestClass]
public sealed class CanonicalFormsTests
{
    // What Python's unicodedata makes of every canonical decomposition, and of letters and marks in any order.
    [TestMethod]
    public void Compose_Samples_AreAsPythonComposesThem()
    {
        var lines = File.ReadAllLines(Path.Combine(Expected.Unicode, "compositions.txt"));
        Assert.IsGreaterThan(3000, lines.Length);
        foreach (var line in lines)
        {
            var (given, composed) = (Text(line.Split(';')[0]), Text(line.Split(';')[1]));
            Assert.AreEqual(composed, CanonicalForms.Compose(given), line);
            Assert.AreEqual(composed, CanonicalForms.Compose(composed), line);
        }
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("t-shirt")]
    [DataRow("\u00e4")]
    [DataRow("\ud800 alone")]
    public void Compose_Composed_IsTheSame(string text) =>
        Assert.AreEqual(text.Replace('\ud800', '\ufffd'), CanonicalForms.Compose(text));

    private static string Text(string letters) => string.Concat(
        letters.Split(' ').Select(letter => char.ConvertFromUtf32(int.Parse(letter, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));
}
