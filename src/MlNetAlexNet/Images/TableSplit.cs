namespace MlNetAlexNet.Images;

/// <summary>The column of a table that says which part a picture is in.</summary>
/// <param name="Column">From 0.</param>
/// <param name="Flagged">The part of the rows where it is true, as of fastai's <c>is_valid</c>; null where it has the part's name.</param>
internal sealed record TableSplit(int Column, string? Flagged)
{
    private static readonly string[] True = ["true", "t", "yes", "y", "1", "1.0"];
    private static readonly string[] False = ["false", "f", "no", "n", "0", "0.0"];

    /// <summary>What the column may have, as an error says it.</summary>
    public string Allowed => Flagged is null ? "train, validation or test" : "True or False";

    /// <summary>The part of a row; null where its field is none.</summary>
    public string? FindPart(string[] fields)
    {
        var field = fields[Column].Trim();
        return Flagged is null ? PartNames.Find(field)
            : True.Contains(field, StringComparer.OrdinalIgnoreCase) ? Flagged
            : !False.Contains(field, StringComparer.OrdinalIgnoreCase) ? null
            : Flagged == PartNames.Train ? PartNames.Validation
            : PartNames.Train;
    }
}
