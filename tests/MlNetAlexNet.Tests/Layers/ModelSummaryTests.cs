using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class ModelSummaryTests
{
    [TestMethod]
    public void Of_ReferenceStack_IsWhatKerasPrintsToTheLetter() =>
        Approved.Equals("AlexNet.Keras.summary.txt", ModelSummary.Format(AlexNet.Keras(10).Plan()));

    [TestMethod]
    public void Of_WithDropout_ListsTheDropoutLayers() =>
        Approved.Equals("AlexNet.Keras.dropout.summary.txt", ModelSummary.Format(AlexNet.Keras(1000, dropout: 0.5).Plan()));

    [TestMethod]
    public void Of_EachOtherPreset_IsTheApprovedTable()
    {
        foreach (var preset in AlexNet.Presets.Where(preset => preset.Name != AlexNet.DefaultPreset))
        {
            var table = ModelSummary.Format(preset.Network(1000, preset.Dropout).Plan());
            Approved.Equals($"AlexNet.{preset.Network.Method.Name}.summary.txt", table);
        }
    }

    [TestMethod]
    public void Of_StackSoFar_PrintsTheTotalsSoFar()
    {
        var soFar = new Sequential(TensorShape.Image(227, 227, 3))
        {
            new Conv2D(96, 11, strides: 4),
            new MaxPooling2D(3, strides: 2),
        };

        var lines = ModelSummary.Format(soFar.Plan()).Split('\n');

        Assert.AreEqual("conv2d_1 (Conv2D)            (None, 55, 55, 96)        34944     ", lines[3]);
        Assert.AreEqual("Total params: 34,944", lines[7]);
        Assert.AreEqual("Trainable params: 34,944", lines[8]);
    }

    // Keras 2.15 prints an indented row, names over several lines, and sizes in bytes: the numbers are compared.
    [TestMethod]
    [DataRow("bn_after_relu")]
    [DataRow("bn_after_pool")]
    [DataRow("bn_before_relu")]
    [DataRow("public")]
    [DataRow("leaky")]
    public void Of_NetworkOfKeras_HasTheShapesAndCountsThatKerasPrints(string variant)
    {
        var theirs = File.ReadAllLines(Expected.Keras($"keras2-{variant}.summary.txt"));

        var ours = ModelSummary.Format(KerasFile.Read(Expected.Keras($"keras2-{variant}.h5")).Plan).Split('\n');

        CollectionAssert.AreEqual(Rows(theirs), Rows(ours));
        CollectionAssert.AreEqual(Totals(theirs), Totals(ours));

        static string[] Rows(IEnumerable<string> lines) =>
            [.. lines.Where(line => line.Contains("(None", StringComparison.Ordinal)).Select(line => line[28..].Trim())];

        static string[] Totals(IEnumerable<string> lines) =>
            [.. lines.Where(line => line.Contains("params: ", StringComparison.Ordinal))
                .Select(line => string.Join(' ', line.Replace(",", "", StringComparison.Ordinal).Split(' ').TakeWhile(word => !word.StartsWith('('))))];
    }

    [TestMethod]
    public void Of_LongName_IsCutWhereItsColumnEnds()
    {
        var stack = new Sequential(TensorShape.Vector(1)) { new Dense(1) { Name = "a_name_that_is_longer_than_this" } };

        Assert.AreEqual(
            "a_name_that_is_longer_than_t (None, 1)                 2         ",
            ModelSummary.Format(stack.Plan()).Split('\n')[3]);
    }
}
