namespace MlNetAlexNet.Formats.Keras;

/// <summary>
/// Names for the layers of a stack, in which models inside the model are unrolled: each its own where that is free, else
/// with that of its model before it, else with a number.
/// </summary>
internal sealed class KerasNames
{
    private readonly HashSet<string> _taken = [];

    public string Take(KerasPlace place)
    {
        // A '/' stands between layer and weight here.
        var name = Free(place.Name) ? place.Name : place.Path;
        name = name.Replace('/', '_');
        var free = name;
        for (var number = 1; !_taken.Add(free); number++)
            free = $"{name}_{number}";
        return free;

        bool Free(string own) => !_taken.Contains(own.Replace('/', '_'));
    }
}
