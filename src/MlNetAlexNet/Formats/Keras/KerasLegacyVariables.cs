namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// The variables of <c>model.save('x.h5')</c> and of the older <c>save_weights('x.h5')</c>: a group a layer, which
/// lists its variables (keras/src/legacy/saving/legacy_h5_format.py, <c>save_weights_to_hdf5_group</c>).
/// </summary>
internal sealed class KerasLegacyVariables : IKerasVariables
{
    private readonly Hdf5File _file;
    private readonly Dictionary<(string Layer, string Variable), string> _datasets = [];

    /// <summary>Finds the variables.</summary>
    /// <param name="file">Where they are.</param>
    /// <param name="group">The group with the layers; empty for the whole file.</param>
    /// <param name="architecture">The layers to find: by their names, or else, as Keras does, by their order.</param>
    public KerasLegacyVariables(Hdf5File file, string group, KerasArchitecture architecture)
    {
        _file = file;
        var layers = Texts(group, "layer_names")
            .Select(layer => (Name: layer, Group: $"{group}/{layer}".TrimStart('/')))
            .Select(layer => (layer.Name, layer.Group, Variables: Texts(layer.Group, "weight_names")))
            .Where(layer => layer.Variables.Count > 0)
            .ToArray();
        var wanted = architecture.Weighted
            .SelectMany(layer => (string?[])[layer.Name, layer.Normalization?.Name]).OfType<string>().ToArray();
        if (layers.Length != wanted.Length)
        {
            throw new AlexNetException(
                $"The file has weights for {layers.Length} layers " +
                $"({string.Join(", ", layers.Select(layer => layer.Name))}); " +
                $"the stack has {wanted.Length} with weights ({string.Join(", ", wanted)}).");
        }

        var byName = wanted.ToHashSet().SetEquals(layers.Select(layer => layer.Name));
        for (var i = 0; i < layers.Length; i++)
        {
            var name = byName ? layers[i].Name : wanted[i];
            foreach (var variable in layers[i].Variables)
                _datasets[(name, ShortName(variable))] = $"{layers[i].Group}/{variable}";
        }
    }

    /// <summary>Whether the group is one of this layout.</summary>
    public static bool IsIn(Hdf5File file, string group) =>
        file.Texts(group, "layer_names") is not null || file.Texts(group, "layer_names0") is not null;

    public IReadOnlyList<int>? Dimensions(KerasVariable variable) =>
        _datasets.TryGetValue((variable.Layer, variable.Name), out var dataset) ? _file.Dimensions(dataset) : null;

    public void Read(KerasVariable variable, int firstRow, float[] block) =>
        _file.Read(_datasets[(variable.Layer, variable.Name)], variable.Dimensions, firstRow, block);

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

    // "conv2d/kernel:0" and "mini_alexnet/conv2d/kernel" are both the layer's kernel.
    private static string ShortName(string variable) => variable.Split('/')[^1].Split(':')[0];
}
