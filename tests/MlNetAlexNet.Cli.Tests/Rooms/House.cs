using System.Text;
using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;

namespace MlNetAlexNet.Cli.Tests.Rooms;

/// <summary>
/// The projects as a house: a room is a namespace of theirs, a package an assembly that neither they nor .NET bring. What
/// the compiler writes, such as closures and state machines, counts for the type it was written for.
/// </summary>
internal sealed class House(params System.Reflection.Assembly[] projects)
{
    private static readonly string s_net = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    // Packages of several assemblies.
    private static readonly string[] s_families = ["Microsoft.ML.OnnxRuntime", "Microsoft.ML", "Spectre.Console"];

    public Architecture Architecture { get; } = new ArchLoader().LoadAssemblies(projects).Build();

    public IEnumerable<string> Rooms => Architecture.Types.Select(RoomOf).Where(IsRoom).Distinct();

    /// <summary>The room or package of a type; empty for .NET's own and for what the compiler puts beside ours.</summary>
    public string RoomOf(IType type) => type switch
    {
        { Assembly: null } or { Namespace: null } => "", // a generic parameter
        _ when IsRoom(type.Namespace.FullName) => type.Namespace.FullName,
        _ => PackageOf(NameOf(type.Assembly)),
    };

    /// <summary>Each circle of rooms, with the types that make it; empty if there is none.</summary>
    public string Circles => string.Concat(
        from circle in SliceRuleDefinition.Slices().MatchingWithPackages($"{nameof(MlNetAlexNet)}.(**)").Should()
            .BeFreeOfCycles().Evaluate(Architecture)
        where !circle.Passed
        select circle.Description);

    /// <summary>For each project, what each of its rooms uses; then the circles.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var project in Architecture.Types.Where(type => IsRoom(RoomOf(type))).GroupBy(type => NameOf(type.Assembly)))
        {
            text.Append(project.Key).Append('\n');
            foreach (var room in project.GroupBy(RoomOf).OrderBy(room => room.Key, StringComparer.Ordinal))
            {
                var used = room.SelectMany(type => type.Dependencies).Select(dependency => RoomOf(dependency.Target))
                    .Where(other => other != "" && other != room.Key).Distinct().Order(StringComparer.Ordinal);
                text.Append($"  {room.Key} -> {string.Join(", ", used)}\n");
            }
        }

        return text.Append($"circles\n{Circles}").ToString();
    }

    private static bool IsRoom(string name) => $"{name}.".StartsWith($"{nameof(MlNetAlexNet)}.", StringComparison.Ordinal);

    private static string NameOf(Assembly assembly) => assembly.Name.Split(',')[0];

    // System.Console is .NET's, but only some rooms may print.
    private string PackageOf(string assembly) =>
        projects.Any(project => project.GetName().Name == assembly) ||
        (assembly != "System.Console" && File.Exists(Path.Combine(s_net, $"{assembly}.dll")))
            ? ""
            : s_families.FirstOrDefault(family => $"{assembly}.".StartsWith($"{family}.", StringComparison.Ordinal))
                ?? assembly;
}
