using Microsoft.ML;
using MlNetAlexNet.Training.Data;

namespace MlNetAlexNet.Training.Tests.Data;

[TestClass]
public sealed class PixelReaderTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void Read_Rows_KeepsPixelsAndLabels()
    {
        var rows = TinyPictures.Rows(5, seed: 1);
        using var pixels = PixelReader.Read(
            TinyPictures.Data(_ml, rows), "Pixels", "Label", TinyPictures.Classes, default);
        Assert.AreEqual(TinyPictures.Size, pixels.Pictures.ImageSize);
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 0, 1 }, pixels.Labels.ToArray());
        for (var i = 0; i < rows.Count; i++)
        {
            CollectionAssert.AreEqual(rows[i].Pixels, pixels.Picture(i));
        }
    }

    [TestMethod]
    public void Read_ClassesInAnotherOrder_AreMatchedByName()
    {
        using var pixels = PixelReader.Read(
            TinyPictures.Data(_ml, TinyPictures.Rows(3, seed: 1)), "Pixels", "Label", ["blue", "red", "green"], default);
        CollectionAssert.AreEqual(new[] { 1, 2, 0 }, pixels.Labels.ToArray());
    }

    [TestMethod]
    public void Read_RowWithoutLabel_IsRefused()
    {
        var rows = TinyPictures.Rows(3, seed: 1);
        rows[1].Label = null;
        var error = Assert.ThrowsExactly<AlexNetException>(() => PixelReader.Read(
            TinyPictures.Data(_ml, rows), "Pixels", "Label", TinyPictures.Classes, default));
        StringAssert.Contains(error.Message, "Row 1 has no 'Label'");
    }

    [TestMethod]
    public void Read_ClassThatTrainingLacks_IsRefusedByName()
    {
        var error = Assert.ThrowsExactly<AlexNetException>(() => PixelReader.Read(
            TinyPictures.Data(_ml, TinyPictures.Rows(3, seed: 1)), "Pixels", "Label", ["red", "green"], default));
        StringAssert.Contains(error.Message, "'blue'");
    }

    [TestMethod]
    public void Read_NoRows_IsRefused()
    {
        var error = Assert.ThrowsExactly<AlexNetException>(() => PixelReader.Read(
            TinyPictures.Data(_ml, []), "Pixels", "Label", TinyPictures.Classes, default));
        StringAssert.Contains(error.Message, "no rows");
    }

    [TestMethod]
    public void ImageSize_ColumnOfAnotherType_IsRefused()
    {
        var data = TinyPictures.Data(_ml, TinyPictures.Rows(3, seed: 1));
        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => PixelReader.ReadForm(data.Schema, "Label")).Message,
            "Vector<Byte, 256, 256, 3>");
        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => PixelReader.ReadForm(data.Schema, "Image")).Message,
            "no column 'Image'");
    }

    [TestMethod]
    public void Classes_KeyOfNumbers_AreTheNumbersAsText()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Number { Label = 7 }, new Number { Label = 1.5f } });
        data = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        CollectionAssert.AreEqual(new[] { "7", "1.5" }, LabelColumn.ReadClasses(data.Schema, "Label").ToArray());
    }

    [TestMethod]
    public void Classes_ColumnThatIsNoKey_IsRefusedWithTheWayOut()
    {
        var data = _ml.Data.LoadFromEnumerable(TinyPictures.Rows(3, seed: 1));
        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => LabelColumn.ReadClasses(data.Schema, "Label")).Message,
            "MapValueToKey(\"Label\")");
    }

    private sealed class Number
    {
        public float Label { get; set; }
    }
}
