using System.Runtime.InteropServices;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests;

internal static class SameWeights
{
    /// <summary>The same names, dimensions and bits.</summary>
    public static void Assert(WeightSet expected, WeightSet actual)
    {
        CollectionAssert.AreEquivalent(expected.Keys.ToArray(), actual.Keys.ToArray());
        foreach (var (key, weight) in expected)
        {
            CollectionAssert.AreEqual(weight.Dimensions.ToArray(), actual[key].Dimensions.ToArray(), key);
            CollectionAssert.AreEqual(Bits(weight), Bits(actual[key]), key);
        }
    }

    private static int[] Bits(Weight weight) => MemoryMarshal.Cast<float, int>(weight.Values).ToArray();
}
