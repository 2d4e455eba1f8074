namespace MlNetAlexNet;

/// <summary>
/// Every fault of some options in one error, before any work is done. Each record of options lists its own in
/// <c>ListFaults</c>, a sentence each: which option, its value, what is allowed.
/// </summary>
internal static class OptionFaults
{
    /// <param name="faults">A sentence each.</param>
    /// <param name="option">As of <see cref="AlexNetException.Option"/>. Default: none, or another each.</param>
    /// <exception cref="AlexNetException">There is a fault; the message lists all, a line each.</exception>
    public static void RequireNone(IEnumerable<string> faults, string? option = null)
    {
        var lines = string.Join('\n', faults);
        if (lines.Length > 0)
            throw new AlexNetException(lines) { Option = option };
    }
}
