using System.Runtime.Intrinsics.X86;

namespace MlNetAlexNet.Training.Runs;

/// <summary>The processor that figures were made on.</summary>
/// <param name="Name">As its maker calls it; <c>unknown</c> where the system does not say.</param>
/// <param name="InstructionSets">Those of x86 on which speed and rounding depend.</param>
/// <param name="Threads">How many it runs at once.</param>
internal sealed record Processor(string Name, IReadOnlyList<string> InstructionSets, int Threads)
{
    /// <summary>CPUID leaf 7, subleaf 1, EAX bit 5 (Intel's manual, volume 2A, CPUID).</summary>
    public static bool HasAvx512Bf16 { get; } = Bit(7, 1, register: 0, bit: 5);

    private static bool HasAvx512Vnni { get; } = Bit(7, 0, register: 2, bit: 11);

    private static bool HasAvxVnni { get; } = Bit(7, 1, register: 0, bit: 4);

    private static bool HasAmxBf16 { get; } = Bit(7, 0, register: 3, bit: 22);

    /// <summary>The one of this machine.</summary>
    public static Processor Describe()
    {
        (string Name, bool Has)[] sets =
        [
            ("AVX2", Avx2.IsSupported), ("AVX-512F", Avx512F.IsSupported), ("AVX-512 VNNI", HasAvx512Vnni),
            ("AVX-VNNI", HasAvxVnni), ("AVX-512 BF16", HasAvx512Bf16), ("AMX-BF16", HasAmxBf16),
        ];
        return new(ReadName(), [.. sets.Where(set => set.Has).Select(set => set.Name)], Environment.ProcessorCount);
    }

    private static bool Bit(int leaf, int subleaf, int register, int bit)
    {
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < leaf)
            return false;

        var (eax, ebx, ecx, edx) = X86Base.CpuId(leaf, subleaf);
        return ((((int[])[eax, ebx, ecx, edx])[register] >> bit) & 1) == 1;
    }

    private static string ReadName() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':')[1].Trim() ?? "unknown"
        : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";
}
