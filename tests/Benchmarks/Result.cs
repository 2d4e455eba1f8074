namespace MlNetAlexNet.Benchmarks;

/// <summary>One line of the table.</summary>
/// <param name="Benchmark">Its name.</param>
/// <param name="Contender">What was measured.</param>
/// <param name="Baseline">What it is compared with.</param>
/// <param name="Unit">Of the two figures.</param>
/// <param name="Figure">Median of the contender.</param>
/// <param name="BaselineFigure">Median of the baseline.</param>
/// <param name="Ratio">Median of contender by baseline.</param>
/// <param name="Bar">What the ratio should reach.</param>
internal sealed record Result(
    string Benchmark,
    string Contender,
    string Baseline,
    string Unit,
    double Figure,
    double BaselineFigure,
    double Ratio,
    Bar? Bar)
{
    public const string TableHead =
        "| benchmark | what | figure | baseline | figure | ratio | bar | |\n" +
        "| --- | --- | ---: | --- | ---: | ---: | ---: | --- |";

    public override string ToString() => FormattableString.Invariant(
        $"| {Benchmark} | {Contender} | {Figure:G4} {Unit} | {Baseline} | {BaselineFigure:G4} {Unit} | {Ratio:0.000} | ")
        + $"{Bar} | {Verdict} |";

    private string Verdict => Bar is null ? "" : Bar.IsMet(Ratio) ? "met" : "missed";
}
