using System.Text.RegularExpressions;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// Gives each layer the name under which Keras 3 keeps its variables: the class in snake case, numbered from the second
/// on (keras/src/saving/saving_lib.py, <c>_save_container_state</c>; keras/src/utils/naming.py, <c>to_snake_case</c>).
/// </summary>
internal sealed partial class KerasSlots
{
    private readonly Dictionary<string, int> _used = [];

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
