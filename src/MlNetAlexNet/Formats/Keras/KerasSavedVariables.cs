namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// The variables of Keras 3's <c>model.weights.h5</c>, which late versions of Keras 2 write, too:
/// <c>layers/SLOT/vars/0</c> and so on, and those of a model inside the model in <c>layers/SLOT/layers</c>
/// (keras/src/saving/saving_lib.py, <c>_save_state</c>).
/// </summary>
internal sealed class KerasSavedVariables : IKerasVariables
{
    /// <summary>The group of the layers.</summary>
    public const string Layers = "layers";

    private const int MostGroups = 20_000; // links may lead in a circle

    private readonly Hdf5File _file;

    /// <summary>Checks that the file has no more layers with weights than the stack.</summary>
    public KerasSavedVariables(Hdf5File file, KerasArchitecture architecture)
    {
        _file = file;
        var known = architecture.Variables.Select(variable => variable.Place.Group)
            .Concat(architecture.LeftOut.Select(place => place.Group)).ToHashSet();
        var extra = GroupsIn(file).Where(group => !known.Contains(group) && file.Children($"{group}/vars").Count > 0)
            .ToArray();
        if (extra.Length > 0)
        {
            throw new AlexNetException(
                $"The file has weights for {string.Join(", ", extra.Select(group => group[(Layers.Length + 1)..]))}, "
                + "which the stack lacks: it belongs to another stack.");
        }
    }

    public IReadOnlyList<int>? Dimensions(KerasVariable variable) => _file.Dimensions(PathOf(variable));

    public void Read(KerasVariable variable, int firstRow, float[] block) =>
        _file.Read(PathOf(variable), variable.Dimensions, firstRow, block);

    /// <summary>Where the layout keeps a variable.</summary>
    public static string PathOf(KerasVariable variable) => $"{variable.Place.Group}/vars/{variable.Index}";

    // Layers, and those of the models among them.
    private static List<string> GroupsIn(Hdf5File file)
    {
        var found = new List<string>();
        var models = new Queue<string>([""]);
        while (models.TryDequeue(out var model))
        {
            foreach (var slot in file.Children($"{model}/{Layers}".TrimStart('/')))
            {
                found.Add($"{model}/{Layers}/{slot}".TrimStart('/'));
                models.Enqueue(found[^1]);
                if (found.Count > MostGroups)
                    throw new AlexNetException($"The file has more than {MostGroups} layers; it is damaged.");
            }
        }

        return found;
    }
}
