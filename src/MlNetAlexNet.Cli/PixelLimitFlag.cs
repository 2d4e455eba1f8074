using System.CommandLine;
using MlNetAlexNet.Images;

namespace MlNetAlexNet.Cli;

/// <summary>The flag of every <c>MaximumPixels</c>.</summary>
internal static class PixelLimitFlag
{
    public const string Name = "--maximum-pixels";

    public const string HelpName = "N";

    public const string Description = "Pictures of more pixels, as their headers say, are refused before they are decoded.";

    /// <summary>The flag for a command that reads pictures.</summary>
    public static Option<long> Create() => new(Name)
    {
        Description = Description,
        HelpName = HelpName,
        DefaultValueFactory = _ => PixelLimit.Default,
    };
}
