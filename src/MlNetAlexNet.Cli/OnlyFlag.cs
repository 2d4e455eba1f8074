using System.CommandLine;

namespace MlNetAlexNet.Cli;

/// <summary>The flag for a list of the pictures that are used.</summary>
internal static class OnlyFlag
{
    public const string Name = "--only";
    public const string HelpName = "LIST";
    public const string Description =
        "Take those pictures alone that a file lists, a path a line from the folder on, as 'alexnet inspect --write-clean-list' writes it.";

    public static Option<string?> Create() => new(Name) { Description = Description, HelpName = HelpName };
}
