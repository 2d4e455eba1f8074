using MlNetAlexNet.Models;

namespace MlNetAlexNet.Completion;

/// <summary>Class names as people give them.</summary>
internal static class ClassNames
{
    /// <summary>
    /// Gives a name that comes again a number, such as <c>crane 2</c>: ImageNet has two cranes and two maillots.
    /// </summary>
    /// <param name="names">As given.</param>
    /// <param name="assumed">Takes a sentence if there are such.</param>
    public static IReadOnlyList<string> Number(IReadOnlyList<string> names, List<string> assumed)
    {
        var taken = names.ToHashSet();
        if (taken.Count == names.Count)
            return names;

        var seen = new HashSet<string>();
        var numbered = new List<string>();
        var different = names.Select(name => seen.Add(name) ? name : New(name)).ToArray();
        var more = numbered.Count > 5 ? $" and {numbered.Count - 5} more" : "";
        assumed.Add($"numbers for classes of one name: {string.Join(", ", numbered.Take(5))}{more}");
        return different;

        string New(string name)
        {
            var number = 2;
            while (!taken.Add($"{name} {number}"))
                number++;
            numbered.Add($"{name} {number}");
            return numbered[^1];
        }
    }

    /// <summary>Gives classes new names by their old ones.</summary>
    /// <param name="own">The names in the file; null if it does not say them.</param>
    /// <param name="renamed">New names by old ones.</param>
    /// <exception cref="AlexNetException">There is no such class, or two would have one name, or one none.</exception>
    public static IReadOnlyList<string> Rename(IReadOnlyList<string>? own, IReadOnlyDictionary<string, string> renamed)
    {
        const string option = "RenamedClasses";
        if (own is null)
            throw Refused("Classes", $"{option} is given, but the file does not say the names of its classes. Give all of them as Classes.");

        var newNames = new Dictionary<string, string>();
        foreach (var (old, name) in renamed)
        {
            if (!newNames.TryAdd(CanonicalForms.Compose(old), CanonicalForms.Compose(name)))
                throw Refused(option, $"{option} names '{old}' twice.");
        }

        if (newNames.Keys.FirstOrDefault(old => !own.Contains(old)) is { } unknown)
            throw Refused(option, $"{option} names '{unknown}', which is no class of the file. Known: {List(own)}.");

        string[] names = [.. own.Select(name => newNames.GetValueOrDefault(name, name))];
        if (names.GroupBy(name => name).FirstOrDefault(same => same.Key == "" || same.Count() > 1)?.Key is { } fault)
        {
            throw Refused(option, $"{option} calls {(fault == "" ? "a class nothing" : $"two classes '{fault}'")}; "
                + "each must have a name of its own.");
        }

        return names;
    }

    /// <summary>
    /// Which of a network's outputs each of the classes given is; null where they are in its order, or are new names for
    /// its classes.
    /// </summary>
    /// <exception cref="AlexNetException">Some are its classes at other places, beside others that are not.</exception>
    public static IReadOnlyList<int?>? FindOrder(IReadOnlyList<string> own, IReadOnlyList<string> given)
    {
        var placeOf = own.Select((name, place) => (name, place)).ToDictionary(pair => pair.name, pair => pair.place);
        var places = given.Select(name => placeOf.GetValueOrDefault(name, -1)).ToArray();
        var moved = Array.FindIndex([.. places.Select((place, i) => place >= 0 && place != i)], isMoved => isMoved);
        if (moved < 0)
            return null;

        if (own.Count == given.Count && places.All(place => place >= 0))
            return [.. places.Select(place => (int?)place)];

        throw Refused(
            "Classes",
            $"The class '{given[moved]}' is number {moved + 1} of those given and number {places[moved] + 1} of the model's "
            + $"own, which are others: {List(own)}. Give those in any order, or new names for all.");
    }

    private static AlexNetException Refused(string option, string message) => new(message) { Option = option };

    private static string List(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(10)) + (names.Count > 10 ? ", ..." : "");
}
