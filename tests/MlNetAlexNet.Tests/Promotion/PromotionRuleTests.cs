using System.Numerics;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Promotion;

namespace MlNetAlexNet.Tests.Promotion;

[TestClass]
public sealed class PromotionRuleTests
{
    private static readonly PromotionRule s_rule = new();

    // sum(math.comb(won + lost, k) for k in range(won, won + lost + 1)) / 2 ** (won + lost), in Python.
    [TestMethod]
    [DataRow(0, 0, 1.0)]
    [DataRow(5, 0, 0.03125)]
    [DataRow(4, 0, 0.0625)]
    [DataRow(10, 3, 0.046142578125)]
    [DataRow(9, 3, 0.072998046875)]
    [DataRow(13, 2, 0.003692626953125)]
    [DataRow(3, 10, 0.98876953125)]
    [DataRow(21, 8, 0.01205977238714695)]
    public void GainPValue_WonAndLost_IsThatOfPython(int won, int lost, double expected) =>
        Assert.AreEqual(expected, new PairedComparison(100, 50, lost, won).GainPValue, 1e-12);

    // The sum of C(n, k) / 2^n from the wins on, in whole numbers; what the gain of one is, is the loss of the other.
    [TestMethod]
    public void GainPValue_AnyCounts_IsTheExactFraction()
    {
        for (var trials = 0; trials <= 60; trials++)
        {
            for (var won = 0; won <= trials; won++)
            {
                var paired = new PairedComparison(1000, 100, trials - won, won);
                Assert.AreEqual(AtLeast(won, trials), paired.GainPValue, 1e-12, $"{won} of {trials}");
                Assert.AreEqual(paired.GainPValue, new PairedComparison(1000, 100, won, trials - won).LossPValue);
                Assert.AreEqual(-paired.Loss, paired.Gain);
            }
        }

        static double AtLeast(int won, int trials)
        {
            var (ways, sum) = (BigInteger.One, BigInteger.Zero);
            for (var k = 0; k <= trials; k++)
            {
                sum += k >= won ? ways : 0;
                ways = ways * (trials - k) / (k + 1);
            }

            return (double)sum / Math.Pow(2, trials);
        }
    }

    [TestMethod]
    [DataRow(0.05, 5)]
    [DataRow(0.5, 2)]
    [DataRow(0.01, 7)]
    [DataRow(0.99, 1)]
    public void FewestWins_Significance_IsTheFirstPowerOfAHalfBelow(double significance, int expected) =>
        Assert.AreEqual(expected, new PromotionRule { Significance = significance }.FewestWins);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(double.NaN)]
    public void FewestWins_SignificanceOutOfRange_IsRefused(double significance) =>
        Assert.ThrowsExactly<AlexNetException>(() => new PromotionRule { Significance = significance }.FewestWins);

    [TestMethod]
    [DataRow(5, 0, true)]
    [DataRow(4, 0, false)]
    [DataRow(10, 3, true)]
    [DataRow(9, 3, false)]
    [DataRow(0, 0, false)]
    [DataRow(0, 9, false)]
    public void Decide_SameClasses_PromotesWhatIsBetterByMoreThanLuck(int won, int lost, bool expected)
    {
        var comparison = Compare(["a", "b"], [("a", 20, won, lost)]);

        var verdict = s_rule.Decide(comparison);

        Assert.AreEqual(expected, verdict.IsPromoted, verdict.Reason);
        StringAssert.Contains(verdict.Reason, $"{won} won and {lost} lost");
        Assert.AreEqual(comparison.All, comparison.Shared);
        Assert.IsNull(comparison.Added);
    }

    // The champion does not know c.
    [TestMethod]
    [DataRow(3, 3, 7, true)]
    [DataRow(2, 3, 12, false)]
    [DataRow(0, 0, 4, false)]
    [DataRow(0, 0, 5, true)]
    public void Decide_NewClass_CountsAsWonButPaysForNoLossOfTheOthers(int won, int lost, int wonOfNew, bool expected)
    {
        var comparison = Compare(["a", "b"], [("a", 20, won, lost), ("c", 0, wonOfNew, 0)]);

        var verdict = s_rule.Decide(comparison);

        Assert.AreEqual(expected, verdict.IsPromoted, verdict.Reason);
        Assert.AreEqual((0, wonOfNew), (comparison.Added!.ChampionRight, comparison.Added.ChallengerRight));
        Assert.AreEqual(20 + won + lost, comparison.Shared!.Pictures);
    }

    [TestMethod]
    public void Count_AnyAnswers_AddsUp()
    {
        var random = new Random(7);
        for (var trial = 0; trial < 300; trial++)
        {
            string[] classes = ["a", "b", "c", "d"];
            var pictures = HeldOut([.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => classes[random.Next(4)])]);
            var (first, second) = (Say(), Say());

            var (all, shared, added) = ModelComparison.Count(pictures, ["a", "b", "z"], first, second);

            var parts = new[] { shared, added }.OfType<SideBySide>().ToList();
            Assert.AreEqual(all!.Pictures, parts.Sum(part => part.Pictures));
            Assert.AreEqual(all.ChallengerRight - all.ChampionRight, all.Won - all.Lost);
            Assert.AreEqual((all.Won, all.Lost), (parts.Sum(part => part.Won), parts.Sum(part => part.Lost)));
            Assert.AreEqual(all.ChampionRight, first.Zip(pictures.Pictures).Count(pair => pair.First == pair.Second.Label));

            // A challenger is never promoted that has no more right, nor one that has lost of the old classes.
            var verdict = s_rule.Decide(new(all, shared, added));
            if (verdict.IsPromoted)
                Assert.IsTrue(all.ChallengerRight > all.ChampionRight && (shared is null || shared.Won >= shared.Lost));

            // What is hopeless beforehand is never promoted.
            if (s_rule.FindHopeless(pictures, ["a", "b", "z"], first) is not null && shared is not null)
                Assert.IsFalse(verdict.IsPromoted);

            string[] Say() => [.. pictures.Pictures.Select(picture => random.Next(2) == 0 ? picture.Label : classes[random.Next(4)])];
        }
    }

    [TestMethod]
    public void FindHopeless_FewThatCouldBeWon_SaysHowManyItTakes()
    {
        var pictures = HeldOut(["a", "a", "a", "b", "b", "b", "b"]);

        Assert.IsNull(s_rule.FindHopeless(pictures, ["a", "b"], ["b", "b", "b", "a", "a", "b", "b"]));
        var fault = s_rule.FindHopeless(pictures, ["a", "b"], ["a", "b", "b", "a", "a", "b", "b"]);
        StringAssert.Contains(fault, "has 3 of the 7 held-out pictures right, so that 4 could be won at most, and for p < 0.05 it takes 5");
        StringAssert.Contains(s_rule.FindHopeless(pictures, ["c"], ["c", "c", "c", "c", "c", "c", "c"]), "another name");
        StringAssert.Contains(s_rule.FindHopeless(HeldOut([]), ["a"], []), "no held-out pictures");
    }

    private static ModelComparison Compare(string[] championClasses, (string Label, int BothRight, int Won, int Lost)[] classes)
    {
        var (labels, champion, challenger) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var (label, bothRight, won, lost) in classes)
        {
            Add(label, bothRight, label, label);
            Add(label, won, "other", label);
            Add(label, lost, label, "other");
        }

        return ModelComparison.Count(HeldOut([.. labels]), championClasses, champion, challenger);

        void Add(string label, int count, string first, string second)
        {
            labels.AddRange(Enumerable.Repeat(label, count));
            champion.AddRange(Enumerable.Repeat(first, count));
            challenger.AddRange(Enumerable.Repeat(second, count));
        }
    }

    private static HeldOutPictures HeldOut(string[] labels) => new(
        [.. labels.Select((label, number) => new GatePicture($"/{number}", $"{number}", label, "test", new((ulong)number)))], 0, 0, 0, 0, 0);
}
