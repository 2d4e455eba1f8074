namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>
/// Finds the state dict in what was saved: it, or a dictionary with it and other things, as training scripts write them
/// (<c>{model, optimizer, epoch, args}</c> in torchvision's references/classification/train.py).
/// </summary>
internal static class Checkpoint
{
    // Where scripts put it, the first of them that is there.
    private static readonly string[] s_places =
        ["model", "state_dict", "model_state_dict", "model_state", "net", "network", "weights"];

    /// <exception cref="AlexNetException">There is no state dict, or more than one.</exception>
    public static StateDict Find(ITorchFile file)
    {
        if (file.Root is not PythonDict root)
            throw new AlexNetException($"it holds {Kind(file.Root)}, no state dict. {Advice}");

        // A known place comes first: a tensor beside it is such as the last loss.
        var places = root.Items.Select(item => item.Key).OfType<string>().Distinct()
            .Where(key => root[key] is PythonDict inner && HoldsTensors(inner)).ToArray();
        var place = Array.Find(s_places, places.Contains);
        if (place is null && HoldsTensors(root))
            return Read(root, file, []);

        place ??= places is [var only] ? only : throw new AlexNetException(places.Length == 0
            ? $"it holds no tensors where a state dict has them. {Advice}"
            : $"it holds several dictionaries of tensors ({string.Join(", ", places)}). {Advice}");
        var others = root.Items.Select(item => item.Key?.ToString() ?? "None").Where(key => key != place);
        return Read((PythonDict)root[place]!, file, [.. others]);
    }

    private const string Advice = "Save the state dict alone, with torch.save(model.state_dict(), path).";

    private static bool HoldsTensors(PythonDict dictionary) =>
        dictionary.Items.Exists(item => item is { Key: string, Value: TensorView });

    private static StateDict Read(PythonDict dictionary, ITorchFile file, IReadOnlyList<string> ignored)
    {
        var byName = new OrderedDictionary<string, TensorView>();
        var others = new List<string>(ignored);
        foreach (var (key, value) in dictionary.Items)
        {
            if (key is string name && value is TensorView view)
                byName[name] = view;
            else
                others.Add(key?.ToString() ?? "None");
        }

        return new StateDict(
            [.. byName.Select(tensor => new NamedTensor(
                tensor.Key, tensor.Value.Dimensions, tensor.Value.Storage.Format, () => tensor.Value.Take(file.Load(tensor.Value.Storage))))],
            others,
            IsInOrder: true);
    }

    private static string Kind(object? value) => value switch
    {
        null => "None",
        TensorView => "one tensor without a name",
        IReadOnlyList<object?> => "a list",
        _ => $"a {value.GetType().Name}",
    };
}
