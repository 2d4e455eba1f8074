using System.Runtime.InteropServices;

namespace MlNetAlexNet.Training.Engine;

/// <summary>Tells an allocation that failed from other errors, which LibTorch reports in words alone.</summary>
internal static class MemoryFault
{
    // c10's CUDACachingAllocator and CUDA itself; alloc_cpu.cpp.
    private static readonly string[] s_words = ["out of memory", "can't allocate memory"];

    public static bool Matches(Exception fault) => fault is OutOfMemoryException || (fault is ExternalException
        && s_words.Any(words => fault.Message.Contains(words, StringComparison.OrdinalIgnoreCase)));

    /// <summary>What the user can do about it.</summary>
    public static AlexNetException Explain(Exception fault, TrainingOptions options) => new(
        $"{nameof(options.BatchSize)} is {options.BatchSize}, and the memory does not suffice for so many pictures of "
        + "this network at once. Use a smaller one.",
        fault)
    {
        Option = nameof(options.BatchSize),
    };
}
