namespace MlNetAlexNet.Benchmarks;

/// <summary>What the benchmarks run on.</summary>
internal sealed record Settings
{
    /// <summary>Rounds of each comparison, of which the median counts.</summary>
    public int Rounds { get; init; } = 5;

    public string Model { get; init; } = "runs/clothing/model.zip";

    public string Int8Model { get; init; } = "runs/clothing/model-int8.zip";

    /// <summary>Folder with train, validation and test.</summary>
    public string Pictures { get; init; } = "datasets/clothing";

    /// <summary>The float32 zip, or an error that says how to make it.</summary>
    public string RequireModel() => Require(Model, $"alexnet train {Pictures} --output {Path.GetDirectoryName(Model)}");

    /// <summary>The int8 zip, or an error that says how to make it.</summary>
    public string RequireInt8Model() => Require(Int8Model, $"alexnet quantize {Model} {Pictures} --output {Int8Model}");

    /// <summary>Files of a part of the pictures, in a fixed order.</summary>
    public IReadOnlyList<string> Files(string part) => Directory.Exists(Path.Combine(Pictures, part))
        ? [.. Directory.EnumerateFiles(Path.Combine(Pictures, part), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
        : throw new DirectoryNotFoundException(
            $"'{Pictures}' has no folder '{part}'; give a folder with train, validation and test with --pictures.");

    private static string Require(string path, string command) =>
        File.Exists(path) ? path : throw new FileNotFoundException($"'{path}' is missing; make it with: {command}");
}
