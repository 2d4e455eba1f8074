using System.Text.RegularExpressions;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// Gives each layer of a model the name under which Keras 3 keeps its variables: the class in snake case, numbered from
/// the second on (keras/src/saving/saving_lib.py, <c>_save_container_state</c>; keras/src/utils/naming.py,
/// <c>to_snake_case</c>).
/// </summary>
internal sealed partial class KerasSlots
{
    private readonly Dictionary<string, int> _used = [];

    /// <summary>The group of the next layer.</summary>
    /// <param name="model">The group of the model that it lies in; empty for the outermost.</param>
    /// <param name="className">Its class.</param>
    public string NextGroup(string model, string className) =>
        $"{model}/{KerasSavedVariables.Layers}/{Next(className)}".TrimStart('/');

    public string Next(string className)
    {
        var name = SnakeCase(className);
        var number = _used.GetValueOrDefault(name);
        _used[name] = number + 1;
        return number == 0 ? name : $"{name}_{number}";
    }

    public static string SnakeCase(string className) =>
        AfterLower().Replace(BeforeWord().Replace(className, "$1_$2"), "$1_$2").ToLowerInvariant();

    [GeneratedRegex("(.)([A-Z][a-z]+)")]
    private static partial Regex BeforeWord();

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex AfterLower();
}
