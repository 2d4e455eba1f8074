using MlNetAlexNet.Formats.Keras;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>Each conversion against values written down by hand.</summary>
[TestClass]
public sealed class KerasLayoutTests
{
    // 1 x 2 pixels, 2 channels, 3 filters. The value says where it is: column x, channel c, filter f is xcf.
    [TestMethod]
    public void Convolution_ByHand_ChangesTheOrder() => AssertOrder(
        KerasLayout.Convolution(1, 2, 2, 3),
        keras: [000, 001, 002, 010, 011, 012, 100, 101, 102, 110, 111, 112],
        ours: [000, 100, 010, 110, 001, 101, 011, 111, 002, 102, 012, 112]);

    // Two groups over 4 channels, 4 filters, one pixel. The value says channel of the filter's group, filter; filters 0
    // and 1 are the first group's in both orders.
    [TestMethod]
    public void Convolution_WithGroups_KeepsTheFiltersOfAGroupTogether() => AssertOrder(
        KerasLayout.Convolution(1, 1, 2, 4),
        keras: [00, 01, 02, 03, 10, 11, 12, 13],
        ours: [00, 10, 01, 11, 02, 12, 03, 13]);

    // 3 inputs, 2 units; the value says input, unit.
    [TestMethod]
    public void Dense_ByHand_TurnsTheMatrix() => AssertOrder(
        KerasLayout.Dense(3, 2),
        keras: [00, 01, 10, 11, 20, 21],
        ours: [00, 10, 20, 01, 11, 21]);

    // 2 pixels of 3 channels, 2 units; the value says pixel, channel, unit.
    [TestMethod]
    public void DenseOverPicture_ByHand_TakesChannelsFirst() => AssertOrder(
        KerasLayout.DenseOverPicture(2, 3, 2),
        keras: [000, 001, 010, 011, 020, 021, 100, 101, 110, 111, 120, 121],
        ours: [000, 100, 010, 110, 020, 120, 001, 101, 011, 111, 021, 121]);

    [TestMethod]
    public void Vector_ByHand_StaysAsItIs() => AssertOrder(KerasLayout.Vector(3), keras: [1, 2, 3], ours: [1, 2, 3]);

    // Larger than a tile on each side, and no multiple of it.
    [TestMethod]
    public void Layout_OfManyTiles_PutsEachValueInItsPlace()
    {
        var layout = new KerasLayout(17, 35, 50);
        var keras = Enumerable.Range(0, 17 * 35 * 50).Select(i => (float)i).ToArray();
        var ours = new float[keras.Length];
        for (var i = 0; i < 17; i++)
        {
            for (var j = 0; j < 35; j++)
            {
                for (var k = 0; k < 50; k++)
                    ours[(k * 35 + j) * 17 + i] = keras[(i * 35 + j) * 50 + k];
            }
        }

        AssertOrder(layout, keras, ours);
    }

    // Whole, and in blocks of any number of rows.
    private static void AssertOrder(KerasLayout layout, float[] keras, float[] ours)
    {
        for (var rows = 1; rows <= layout.Rows; rows += Math.Max(1, layout.Rows / 7))
        {
            var (fromKeras, toKeras) = (new float[keras.Length], new float[keras.Length]);
            for (var first = 0; first < layout.Rows; first += rows)
            {
                var start = first * layout.Third;
                var length = Math.Min(rows, layout.Rows - first) * layout.Third;
                layout.FromKeras(keras.AsSpan(start, length), first, fromKeras);
                layout.ToKeras(ours, first, toKeras.AsSpan(start, length));
            }

            CollectionAssert.AreEqual(ours, fromKeras, $"{rows} rows");
            CollectionAssert.AreEqual(keras, toKeras, $"{rows} rows");
        }
    }
}
