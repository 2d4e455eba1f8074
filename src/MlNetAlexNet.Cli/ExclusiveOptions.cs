using System.CommandLine;
using System.CommandLine.Parsing;

namespace MlNetAlexNet.Cli;

/// <summary>Options of which a command takes one at most.</summary>
internal static class ExclusiveOptions
{
    /// <summary>Refuses the command line if both are given.</summary>
    public static void RefuseBoth(this CommandResult command, Option one, Option other)
    {
        if (IsGiven(one) && IsGiven(other))
            command.AddError($"{one.Name} and {other.Name} exclude each other; give one of them.");

        bool IsGiven(Option option) => command.GetResult(option) is { Implicit: false };
    }
}
