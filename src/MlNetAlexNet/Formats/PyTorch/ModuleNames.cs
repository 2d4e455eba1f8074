namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>
/// Finds modules by the names that are known, whatever stands before or within them: <c>module.</c> of DataParallel,
/// <c>_orig_mod.</c> of torch.compile, <c>backbone.</c>, <c>features.module.0</c>.
/// </summary>
internal static class ModuleNames
{
    /// <summary>The modules by the keys of their names; those that several could be, or none, are left out.</summary>
    /// <param name="modules">All there are.</param>
    /// <param name="names">The names that are looked for, by any key.</param>
    public static Dictionary<string, TorchModule> Find(
        IReadOnlyList<TorchModule> modules, IReadOnlyDictionary<string, string> names)
    {
        var parts = modules.Select(module => module.Name.Split('.')).ToArray();
        var found = new Dictionary<string, TorchModule>();
        foreach (var (key, name) in names)
        {
            var wanted = name.Split('.');
            int[] places = [.. Enumerable.Range(0, parts.Length).Where(i => Holds(parts[i], wanted))];
            if (places.Length > 1)
                places = [.. places.Where(i => modules[i].Name == name)];
            if (places is [var place])
                found.Add(key, modules[place]);
        }

        return found.Values.Distinct(ReferenceEqualityComparer.Instance).Count() == found.Count ? found : [];
    }

    // In this order; a number between would be another module's.
    private static bool Holds(string[] name, string[] wanted)
    {
        var next = 0;
        foreach (var part in name)
        {
            if (next < wanted.Length && part == wanted[next])
                next++;
            else if (int.TryParse(part, out _))
                return false;
        }

        return next == wanted.Length;
    }
}
