using MlNetAlexNet.Formats.Keras;

namespace MlNetAlexNet.Tests.Formats.Keras;

/// <summary>Each conversion against values written down by hand.</summary>
[TestClass]
public sealed class KerasLayoutTests
{
    // 1 x 2 pixels, 2 channels, 3 filters. The value says where it is: row 0, column x, channel c, filter f is xcf.
    private static readonly float[] s_hwio = [000, 001, 002, 010, 011, 012, 100, 101, 102, 110, 111, 112];
    private static readonly float[] s_oihw = [000, 100, 010, 110, 001, 101, 011, 111, 002, 102, 012, 112];

    [TestMethod]
    public void Convolution_ByHand_ChangesTheOrder()
    {
        CollectionAssert.AreEqual(s_oihw, KerasLayout.ConvolutionFromKeras(s_hwio, 1, 2, 2, 3));
        CollectionAssert.AreEqual(s_hwio, KerasLayout.ConvolutionToKeras(s_oihw, 1, 2, 2, 3));
    }

    // Two groups over 4 channels, 4 filters, one pixel. Keras: kernel[0, 0, c, f] is for channel c of filter f's group;
    // filters 0 and 1 are the first group's. Ours: kernel[f, c].
    [TestMethod]
    public void Convolution_WithGroups_KeepsTheFiltersOfAGroupTogether() => CollectionAssert.AreEqual(
        new float[] { 00, 10, 01, 11, 02, 12, 03, 13 },
        KerasLayout.ConvolutionFromKeras([00, 01, 02, 03, 10, 11, 12, 13], 1, 1, 2, 4));

    [TestMethod]
    public void Dense_ByHand_TurnsTheMatrix()
    {
        // inputs x units, the value says input, unit
        float[] keras = [00, 01, 10, 11, 20, 21];
        float[] ours = [00, 10, 20, 01, 11, 21];

        CollectionAssert.AreEqual(ours, KerasLayout.DenseFromKeras(keras, 1, 3, 2));
        CollectionAssert.AreEqual(keras, KerasLayout.DenseToKeras(ours, 1, 3, 2));
    }

    [TestMethod]
    public void Dense_AfterAFlattenedPicture_TakesChannelsFirst()
    {
        // 2 pixels of 3 channels, 1 unit; the value says pixel, channel.
        float[] keras = [00, 01, 02, 10, 11, 12];
        float[] ours = [00, 10, 01, 11, 02, 12];

        CollectionAssert.AreEqual(ours, KerasLayout.DenseFromKeras(keras, 2, 3, 1));
        CollectionAssert.AreEqual(keras, KerasLayout.DenseToKeras(ours, 2, 3, 1));
    }

    // Larger than a tile on each side, and no multiple of it.
    [TestMethod]
    public void Layout_AnySize_ComesBack()
    {
        var kernel = Enumerable.Range(0, 17 * 35 * 50).Select(i => (float)i).ToArray();

        var ours = KerasLayout.ConvolutionFromKeras(kernel, 1, 17, 35, 50);

        Assert.AreEqual(kernel[(3 * 35 + 20) * 50 + 49], ours[(49 * 35 + 20) * 17 + 3]);
        CollectionAssert.AreEqual(kernel, KerasLayout.ConvolutionToKeras(ours, 1, 17, 35, 50));
    }
}
