using static System.FormattableString;

namespace MlNetAlexNet.Images;

/// <summary>
/// The most pixels that a picture may have to be decoded: the size that its header says, width times height. A small file
/// can claim any size, so the claim is checked before memory is taken. Every option called <c>MaximumPixels</c> is this one.
/// </summary>
public static class PixelLimit
{
    /// <summary>
    /// 100 million, such as 10,000 x 10,000: 400 MB decoded, and under 5 s on a core of 2023 (docs/reliability.md). Few
    /// cameras make larger pictures; the largest sensors in phones have 200 million.
    /// </summary>
    public const long Default = 100_000_000;

    /// <summary>The most that can be allowed, 500 million: at 4 bytes each they still fit an array of .NET.</summary>
    public const long Highest = 500_000_000;

    internal static IEnumerable<string> ListFaults(long maximumPixels) => maximumPixels is >= 1 and <= Highest
        ? []
        : [Invariant($"MaximumPixels is {maximumPixels}; it must be at least 1 and at most {Highest}.")];
}
