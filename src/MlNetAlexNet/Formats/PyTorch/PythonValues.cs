namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>A dictionary or an object's attributes, in order. None, numbers, texts, lists and tuples are .NET's own.</summary>
internal sealed class PythonDict
{
    public List<KeyValuePair<object?, object?>> Items { get; } = [];

    public object? this[string key] => Items.FindLast(item => item.Key is string name && name == key).Value;
}

/// <summary>A value of which no more is known than its type or maker: nothing in a model is made of it.</summary>
internal sealed record PythonObject(string Type);

/// <summary>A name out of a Python module. Only those on the list of <see cref="PythonGlobals"/> come to be.</summary>
internal sealed record PythonGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>Numbers in a file that tensors are views of.</summary>
/// <param name="Key">What the file calls them.</param>
/// <param name="Format">How they are kept.</param>
/// <param name="Count">How many.</param>
internal sealed record TorchStorage(string Key, NumberFormat Format, long Count);
