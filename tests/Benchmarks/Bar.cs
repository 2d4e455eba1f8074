using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Benchmarks;

/// <summary>What a ratio should reach, on a processor with AVX-512 BF16 and VNNI and on one with AVX2 alone.</summary>
internal sealed record Bar(double WithAvx512, double WithAvx2, bool IsMost = false)
{
    public static Bar AtLeast(double ratio) => new(ratio, ratio);

    public static Bar AtLeast(double withAvx512, double withAvx2) => new(withAvx512, withAvx2);

    public static Bar AtMost(double ratio) => new(ratio, ratio, IsMost: true);

    /// <summary>The one for this machine.</summary>
    public double Here => Processor.HasAvx512Bf16 ? WithAvx512 : WithAvx2;

    public bool IsMet(double ratio) => IsMost ? ratio <= Here : ratio >= Here;

    public override string ToString() => FormattableString.Invariant($"{(IsMost ? "<=" : ">=")} {Here:0.###}");
}
