using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class FiniteNumbersTests
{
    [TestMethod]
    public void Require_NumbersOfAnySize_ArePassed()
    {
        foreach (var length in Enumerable.Range(0, 70))
        {
            FiniteNumbers.Require("it", Enumerable.Repeat(float.MaxValue, length).ToArray());
            FiniteNumbers.Require("it", Enumerable.Repeat(-float.MaxValue, length).ToArray());
            FiniteNumbers.Require("it", Enumerable.Repeat(float.Epsilon, length).ToArray());
        }
    }

    [TestMethod]
    [DataRow(float.NaN, "NaN")]
    [DataRow(float.PositiveInfinity, "Infinity")]
    [DataRow(float.NegativeInfinity, "-Infinity")]
    public void Require_OneThatIsNone_IsFoundAtAnyPlace(float value, string name)
    {
        foreach (var length in Enumerable.Range(1, 70))
        {
            foreach (var place in Enumerable.Range(0, length))
            {
                var values = Enumerable.Repeat(1f, length).ToArray();
                values[place] = value;

                var message = Assert.ThrowsExactly<AlexNetException>(() => FiniteNumbers.Require("Weight 'a'", values)).Message;

                StringAssert.StartsWith(message, $"Weight 'a' holds {name} as number {place + 1} of {length};");
            }
        }
    }
}
