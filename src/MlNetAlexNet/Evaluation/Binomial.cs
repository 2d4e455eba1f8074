namespace MlNetAlexNet.Evaluation;

/// <summary>How often something happens in independent trials.</summary>
internal static class Binomial
{
    /// <summary>Chance that it happens that often or more: the sum of C(n, k) p^k (1 - p)^(n - k) over k.</summary>
    /// <param name="count">From 0 to <paramref name="trials"/>.</param>
    /// <param name="trials">0 or more.</param>
    /// <param name="probability">Of each trial, 0 to 1.</param>
    public static double AtLeast(int count, int trials, double probability)
    {
        if (count == 0 || probability == 1)
            return 1;

        if (probability == 0)
            return 0;

        // By logarithms, since C(n, k) of thousands is beyond a double.
        var (sum, choices) = (0.0, 0.0);
        for (var k = 1; k <= trials; k++)
        {
            choices += Math.Log((trials - k + 1) / (double)k);
            if (k >= count)
                sum += Math.Exp(choices + k * Math.Log(probability) + (trials - k) * Math.Log(1 - probability));
        }

        return Math.Min(sum, 1);
    }
}
