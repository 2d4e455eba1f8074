namespace MlNetAlexNet.Training.Data;

/// <summary>The Beta distribution with two equal parameters, symmetric about one half.</summary>
internal static class BetaDistribution
{
    /// <summary>From 0 to 1: a gamma variate as a share of two.</summary>
    /// <param name="alpha">Above 0; 1 is uniform, less prefers the ends.</param>
    /// <param name="random">Gives as many draws as it takes.</param>
    public static double Draw(double alpha, ref PictureRandom random)
    {
        var (first, second) = (DrawLogGamma(alpha, ref random), DrawLogGamma(alpha, ref random));
        return 1 / (1 + Math.Exp(second - first));
    }

    // Marsaglia and Tsang 2000, "A Simple Method for Generating Gamma Variables"; its section 6 for alpha below 1. As a
    // logarithm, since small parameters give values that are none.
    private static double DrawLogGamma(double alpha, ref PictureRandom random)
    {
        var boost = alpha < 1 ? Math.Log(1 - random.NextDouble()) / alpha : 0;
        var d = (alpha < 1 ? alpha + 1 : alpha) - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = random.NextNormal();
            var v = Math.Pow(1 + c * x, 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < x * x / 2 + d - d * v + d * Math.Log(v))
                return Math.Log(d * v) + boost;
        }
    }
}
