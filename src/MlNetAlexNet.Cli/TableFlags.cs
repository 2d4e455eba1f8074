using System.CommandLine;
using MlNetAlexNet.Images;

namespace MlNetAlexNet.Cli;

/// <summary>The flags that say which columns of a table have what.</summary>
internal sealed class TableFlags
{
    /// <summary>What a table is, for an argument that takes one.</summary>
    public const string Table = "Or a table (.csv, .tsv, .txt) of paths and labels.";

    private readonly (Option<string?> Option, Func<TableColumns, string?, TableColumns> Set)[] _all;

    public TableFlags(Command command)
    {
        _all =
        [
            (Create("--path-column", "Column of a table with the paths, which begin in its folder: a name, or a number from 1. Default: path, file, image or the like."),
                (columns, value) => columns with { Path = value }),
            (Create("--label-column", "Column of a table with the classes. Default: label, class, category or the like, or the only other one."),
                (columns, value) => columns with { Label = value }),
            (Create("--split-column", "Column of a table with train, validation or test. Default: split, set, ml_use or the like, if there is one."),
                (columns, value) => columns with { Split = value }),
        ];
        foreach (var (option, _) in _all)
            command.Add(option);
    }

    /// <summary>What is given beside what was; null for nothing.</summary>
    public TableColumns? Read(ParseResult parsed, TableColumns? before = null) => _all
        .Where(one => parsed.GetResult(one.Option) is not null)
        .Aggregate(before, (columns, one) => one.Set(columns ?? new TableColumns(), parsed.GetValue(one.Option)));

    private static Option<string?> Create(string name, string description) => new(name) { Description = description, HelpName = "COLUMN" };
}
