using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class PaddingTests
{
    // Total = (ceil(in / stride) - 1) * stride + window - in; the odd pixel goes to the bottom and the right.
    [TestMethod]
    [DataRow(27, 5, 1, 2, 2)]
    [DataRow(98, 11, 4, 4, 5)]
    [DataRow(227, 11, 4, 4, 4)]
    [DataRow(25, 3, 2, 1, 1)]
    [DataRow(24, 3, 2, 0, 1)]
    [DataRow(10, 2, 1, 0, 1)]
    [DataRow(9, 1, 3, 0, 0)]
    public void Resolve_Same_PutsTheOddPixelLast(int size, int window, int stride, int before, int after)
    {
        var sides = Padding.Same.Resolve(TensorShape.Image(size, size, 1), window, stride);

        Assert.AreEqual(new PaddingSides(before, after, before, after), sides);
        Assert.AreEqual(before == after, sides.IsSymmetric);
    }

    [TestMethod]
    public void Resolve_Same_ResolvesEachDirectionByItself() => Assert.AreEqual(
        new PaddingSides(0, 1, 1, 2), Padding.Same.Resolve(TensorShape.Image(24, 10, 1), (3, 4), (2, 1)));

    [TestMethod]
    public void Same_AnyWindowAndStride_GivesInputByStrideRoundedUp()
    {
        const int Seed = 20121203;
        var random = new Random(Seed);
        for (var i = 0; i < 2_000; i++)
        {
            var input = TensorShape.Image(random.Next(1, 300), random.Next(1, 300), random.Next(1, 5));
            Size2D window = (random.Next(1, 14), random.Next(1, 14));
            Size2D strides = (random.Next(1, 9), random.Next(1, 9));
            var what = $"seed {Seed}, draw {i}: {input}, window {window}, strides {strides}";
            var expected = TensorShape.Image(
                (int)Math.Ceiling(input.Height / (double)strides.Height),
                (int)Math.Ceiling(input.Width / (double)strides.Width),
                2);

            Assert.AreEqual(expected, new Conv2D(2, window, strides, Padding.Same).ComputeOutputShape(input), what);

            var sides = Padding.Same.Resolve(input, window, strides);
            Assert.IsInRange(0, 1, sides.Bottom - sides.Top, what);
            Assert.IsInRange(0, 1, sides.Right - sides.Left, what);
        }
    }

    [TestMethod]
    public void Default_IsValid() => Assert.AreEqual(default, Padding.Valid);

    [TestMethod]
    public void ToString_EachKind_ReadsAsKeras()
    {
        Assert.AreEqual("valid", Padding.Valid.ToString());
        Assert.AreEqual("valid", Padding.Explicit(0, 0, 0, 0).ToString());
        Assert.AreEqual("same", Padding.Same.ToString());
        Assert.AreEqual("1, 2, 3, 4", Padding.Explicit(1, 2, 3, 4).ToString());
    }

    [TestMethod]
    public void Explicit_NegativeSide_IsRefused() =>
        Assert.Contains(
            "0, -1, 0, 0", Assert.ThrowsExactly<AlexNetException>(() => Padding.Explicit(0, -1, 0, 0)).Message);
}
