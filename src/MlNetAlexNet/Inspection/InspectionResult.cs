namespace MlNetAlexNet.Inspection;

/// <summary>What is in a folder of pictures.</summary>
/// <param name="Folder">Its full path.</param>
/// <param name="Pictures">Pictures that were looked at, those that cannot be decoded among them.</param>
/// <param name="Parts">Those that can be decoded, by part and class; one part <c>""</c> where there is no split.</param>
/// <param name="Findings">What was found, by kind and then by path.</param>
/// <param name="Clean">
/// The pictures to go on with, in ordinal order: none that cannot be decoded; of copies in one class the first; of copies in
/// several parts those of the test, else of the validation; none of the copies in several classes. Near copies in one part all stay.
/// </param>
public sealed record InspectionResult(
    string Folder,
    int Pictures,
    IReadOnlyList<PartCount> Parts,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<string> Clean)
{
    /// <summary>Whether any finding is an error.</summary>
    public bool HasErrors => Findings.Any(finding => finding.IsError);
}

/// <summary>The pictures of a part.</summary>
/// <param name="Name"><c>train</c>, <c>validation</c> or <c>test</c>; empty where there is no split.</param>
/// <param name="Classes">Its classes in ordinal order.</param>
public sealed record PartCount(string Name, IReadOnlyList<ClassCount> Classes)
{
    /// <summary>Of all classes.</summary>
    public int Pictures => Classes.Sum(each => each.Pictures);
}

/// <summary>The pictures of a class in a part.</summary>
/// <param name="Name">The class.</param>
/// <param name="Pictures">Those that can be decoded.</param>
public sealed record ClassCount(string Name, int Pictures);

/// <summary>One more picture was looked at.</summary>
/// <param name="Done">So far.</param>
/// <param name="Total">In all.</param>
public sealed record InspectionProgress(int Done, int Total);
