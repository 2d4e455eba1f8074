namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// The variables of Keras 3's <c>model.weights.h5</c>, which late versions of Keras 2 write, too:
/// <c>layers/SLOT/vars/0</c> and so on (keras/src/saving/saving_lib.py, <c>_save_state</c>).
/// </summary>
internal sealed class KerasSavedVariables : IKerasVariables
{
    /// <summary>The group of the layers.</summary>
    public const string Layers = "layers";

    private readonly Hdf5File _file;

    /// <summary>Checks that the file has no more layers with weights than the stack.</summary>
    public KerasSavedVariables(Hdf5File file, KerasArchitecture architecture)
    {
        _file = file;
        var wanted = architecture.Weighted
            .SelectMany(layer => (string?[])[layer.Slot, layer.Normalization?.Slot]).OfType<string>().ToHashSet();
        var extra = file.Children(Layers)
            .Where(slot => !wanted.Contains(slot) && file.Children($"{Layers}/{slot}/vars").Count > 0).ToArray();
        if (extra.Length > 0)
        {
            throw new AlexNetException(
                $"The file has weights for {string.Join(", ", extra)}, which the stack lacks: " +
                "it belongs to another stack.");
        }
    }

    public IReadOnlyList<int>? Dimensions(KerasVariable variable) => _file.Dimensions(PathOf(variable));

    public void Read(KerasVariable variable, int firstRow, float[] block) =>
        _file.Read(PathOf(variable), variable.Dimensions, firstRow, block);

    /// <summary>Where the layout keeps a variable.</summary>
    public static string PathOf(KerasVariable variable) => $"{Layers}/{variable.Slot}/vars/{variable.Index}";
}
