namespace MlNetAlexNet.Images;

/// <summary>
/// Which columns of a table say what, by their names in its first row, whatever the case, or by their numbers from 1. Immutable. Those not
/// given are found by the usual names: <c>path</c>, <c>file</c>, <c>filename</c>, <c>image</c>, <c>image_path</c> and the like;
/// <c>label</c>, <c>class</c>, <c>category</c>, <c>target</c>; <c>split</c>, <c>set</c>, <c>subset</c>, <c>ml_use</c>,
/// or <c>is_valid</c> and <c>is_test</c>, which are <c>True</c> or <c>False</c>.
/// </summary>
public sealed record TableColumns
{
    /// <summary>That of the picture's path, from the folder of the table on. Default null: found by its name, or as that with the names of pictures.</summary>
    public string? Path { get; init; }

    /// <summary>That of the class. Default null: found by its name, or as the only other one.</summary>
    public string? Label { get; init; }

    /// <summary>That of the part, such as <c>train</c>, <c>validation</c>, <c>test</c>. Default null: found by its name; there may be none.</summary>
    public string? Split { get; init; }
}
