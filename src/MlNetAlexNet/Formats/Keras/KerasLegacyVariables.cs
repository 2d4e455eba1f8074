namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// The variables of <c>model.save('x.h5')</c> and of the older <c>save_weights('x.h5')</c>: a group a layer of the
/// outermost model, which lists its variables, those of the layers in it included
/// (keras/src/legacy/saving/legacy_h5_format.py, <c>save_weights_to_hdf5_group</c>).
/// </summary>
internal sealed class KerasLegacyVariables : IKerasVariables
{
    // The number of pictures that a Normalization has seen.
    private const string Count = "count";

    private readonly Hdf5File _file;
    private readonly Dictionary<(string Group, string Variable), string> _datasets = [];

    /// <summary>Finds the variables.</summary>
    /// <param name="file">Where they are.</param>
    /// <param name="root">The group with the layers; empty for the whole file.</param>
    /// <param name="architecture">
    /// The layers to find: by their names, or else, as Keras does, by their order, the variables of one name for
    /// themselves (Keras lists those of a model inside the model that are trained before the others).
    /// </param>
    public KerasLegacyVariables(Hdf5File file, string root, KerasArchitecture architecture)
    {
        _file = file;
        var leftOut = architecture.LeftOut.Select(place => place.Top).ToHashSet();
        var wanted = architecture.Variables.ToArray();
        leftOut.ExceptWith(wanted.Select(variable => variable.Place.Top));
        StoredVariable[] stored =
        [
            .. from layer in Texts(root, "layer_names")
               where !leftOut.Contains(layer)
               let path = $"{root}/{layer}".TrimStart('/')
               from name in Texts(path, "weight_names")
               let variable = new StoredVariable(layer, name, $"{path}/{name}")
               where variable.Name != Count
               select variable,
        ];
        var byName = wanted.Select(variable => stored.Where(candidate => candidate.IsOf(variable)).ToArray()).ToArray();
        if (stored.Length == wanted.Length && byName.All(found => found.Length == 1))
        {
            foreach (var (variable, found) in wanted.Zip(byName))
                _datasets.Add((variable.Place.Group, variable.Name), found[0].Path);
            return;
        }

        foreach (var name in stored.Select(variable => variable.Name).Union(wanted.Select(variable => variable.Name)))
        {
            var theirs = stored.Where(variable => variable.Name == name).ToArray();
            var ours = wanted.Where(variable => variable.Name == name).ToArray();
            if (theirs.Length != ours.Length)
            {
                throw new AlexNetException(
                    $"The file has {theirs.Length} weights called {name} ({List(theirs.Select(variable => variable.Layer))}); "
                    + $"the stack has {ours.Length} ({List(ours.Select(variable => variable.Place.Name))}). "
                    + "It is damaged, or belongs to another stack.");
            }

            foreach (var (variable, dataset) in ours.Zip(theirs))
                _datasets.Add((variable.Place.Group, name), dataset.Path);
        }
    }

    /// <summary>Whether the group is one of this layout.</summary>
    public static bool IsIn(Hdf5File file, string group) =>
        file.Texts(group, "layer_names") is not null || file.Texts(group, "layer_names0") is not null;

    public IReadOnlyList<int>? Dimensions(KerasVariable variable) => _file.Dimensions(DatasetOf(variable));

    public void Read(KerasVariable variable, int firstRow, float[] block) =>
        _file.Read(DatasetOf(variable), variable.Dimensions, firstRow, block);

    private static string List(IEnumerable<string> layers) => string.Join(", ", layers.DefaultIfEmpty("none"));

    private string DatasetOf(KerasVariable variable) => _datasets[(variable.Place.Group, variable.Name)];

    // A list too long for one attribute goes on in layer_names0, layer_names1, ...
    private IReadOnlyList<string> Texts(string group, string attribute)
    {
        if (_file.Texts(group, attribute) is { } whole)
            return whole;
        var texts = new List<string>();
        for (var part = 0; _file.Texts(group, $"{attribute}{part}") is { } more; part++)
            texts.AddRange(more);
        return texts;
    }

    private sealed record StoredVariable(string Layer, string WeightName, string Path)
    {
        // "conv2d/kernel:0" and "mini_alexnet/conv2d/kernel" are both the layer's kernel.
        public string Name => WeightName.Split('/')[^1].Split(':')[0];

        // Alone in its group, or of the layer in it that the name says.
        public bool IsOf(KerasVariable variable) =>
            Name == variable.Name && Layer == variable.Place.Top
            && (variable.Place.Models.Count == 0
                || $"/{WeightName.Split(':')[0]}".EndsWith($"/{variable.Place.Name}/{Name}", StringComparison.Ordinal));
    }
}
