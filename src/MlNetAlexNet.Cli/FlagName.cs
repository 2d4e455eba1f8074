using System.Text.RegularExpressions;

namespace MlNetAlexNet.Cli;

/// <summary>Flags are called as the options of the library that they set.</summary>
internal static partial class FlagName
{
    /// <summary>The flag of an option, such as <c>--skip-bad-images</c> of <c>SkipBadImages</c>.</summary>
    public static string Of(string option) => $"--{WordStart().Replace(option, "-").ToLowerInvariant()}";

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordStart();
}
