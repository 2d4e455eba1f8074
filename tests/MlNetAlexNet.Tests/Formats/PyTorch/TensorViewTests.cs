using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.PyTorch;

namespace MlNetAlexNet.Tests.Formats.PyTorch;

[TestClass]
public sealed class TensorViewTests
{
    private static readonly float[] s_storage = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

    [TestMethod]
    [DataRow(0, new long[] { 3, 4 }, new long[] { 4, 1 }, new float[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 }, DisplayName = "all")]
    [DataRow(0, new long[] { 4, 3 }, new long[] { 1, 4 }, new float[] { 0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11 }, DisplayName = "transposed")]
    [DataRow(5, new long[] { 2, 2 }, new long[] { 4, 1 }, new float[] { 5, 6, 9, 10 }, DisplayName = "a part")]
    [DataRow(1, new long[] { 4 }, new long[] { 3 }, new float[] { 1, 4, 7, 10 }, DisplayName = "a column")]
    [DataRow(7, new long[] { }, new long[] { }, new float[] { 7 }, DisplayName = "one number")]
    [DataRow(0, new long[] { 2, 2, 3 }, new long[] { 6, 1, 2 }, new float[] { 0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11 }, DisplayName = "channels last")]
    [DataRow(0, new long[] { 0, 3 }, new long[] { 3, 1 }, new float[] { }, DisplayName = "nothing")]
    public void Of_AView_GivesItsNumbersInOrder(int offset, long[] dimensions, long[] strides, float[] expected)
    {
        var view = new TensorView(Storage(12), offset, dimensions, strides);

        CollectionAssert.AreEqual(expected, view.Take(s_storage));
    }

    [TestMethod]
    [DataRow(12L, 1, new long[] { 3, 4 }, new long[] { 4, 1 }, DisplayName = "past the end")]
    [DataRow(12L, -1, new long[] { 2 }, new long[] { 1 }, DisplayName = "before the beginning")]
    [DataRow(12L, 0, new long[] { 3, 4 }, new long[] { 5, 1 }, DisplayName = "strides too long")]
    [DataRow(12L, 11, new long[] { 2 }, new long[] { -1 }, DisplayName = "backwards")]
    [DataRow(12L, 0, new long[] { -3 }, new long[] { 1 }, DisplayName = "a negative side")]
    [DataRow(12L, 0, new long[] { 1000, 1000 }, new long[] { 0, 0 }, DisplayName = "one number a million times")]
    [DataRow(12L, 0, new long[] { 1L << 40, 1L << 40 }, new long[] { 0, 0 }, DisplayName = "sides that overflow")]
    [DataRow(12L, 0, new long[] { 2 }, new long[] { 1L << 62 }, DisplayName = "strides that overflow")]
    [DataRow(1L << 50, 0, new long[] { 2 }, new long[] { 1 }, DisplayName = "an impossible storage")]
    [DataRow(12L, 0, new long[] { 2, 2 }, new long[] { 1 }, DisplayName = "a stride too few")]
    public void TensorView_OutsideItsStorage_IsRefused(long count, int offset, long[] dimensions, long[] strides)
    {
        var fault = Assert.ThrowsExactly<AlexNetException>(() => new TensorView(Storage(count), offset, dimensions, strides));

        StringAssert.Contains(fault.Message, "storage 'k'");
    }

    private static TorchStorage Storage(long count) => new("k", NumberFormat.Float32, count);
}
