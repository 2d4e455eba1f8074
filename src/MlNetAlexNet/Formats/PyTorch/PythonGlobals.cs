namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>
/// What a pickle may name and call: the tensor constructors that PyTorch writes (torch/_utils.py, torch/_tensor.py
/// <c>__reduce_ex__</c>), Python's plain containers, and numbers and settings that training scripts keep beside the
/// tensors, of which nothing is made but a <see cref="PythonObject"/>. A pickle is data here, never code.
/// </summary>
internal static class PythonGlobals
{
    private const int MostSides = 8; // a convolution's kernel has 4

    private static readonly Dictionary<string, NumberFormat> s_storages = new()
    {
        ["FloatStorage"] = NumberFormat.Float32,
        ["HalfStorage"] = NumberFormat.Float16,
        ["BFloat16Storage"] = NumberFormat.BFloat16,
        ["DoubleStorage"] = NumberFormat.Float64,
        ["LongStorage"] = NumberFormat.Int64,
        ["IntStorage"] = new("int32", 4),
        ["ShortStorage"] = new("int16", 2),
        ["CharStorage"] = new("int8", 1),
        ["ByteStorage"] = new("uint8", 1),
        ["BoolStorage"] = new("bool", 1),
    };

    private static readonly Dictionary<string, Func<IReadOnlyList<object?>, object?>> s_calls = new()
    {
        ["torch._utils._rebuild_tensor"] = Tensor,
        ["torch._utils._rebuild_tensor_v2"] = Tensor,
        ["torch._utils._rebuild_parameter"] = Only,
        ["torch._utils._rebuild_parameter_with_state"] = Only,
        ["torch.Size"] = Only,
        ["torch.device"] = Only,
        ["collections.OrderedDict"] = Dictionary,
        ["collections.Counter"] = Dictionary,
        ["argparse.Namespace"] = Dictionary,
        ["types.SimpleNamespace"] = Dictionary,
        ["collections.defaultdict"] = _ => new PythonDict(), // given the type of its values
        ["copyreg._reconstructor"] = Reconstruct,
        ["copy_reg._reconstructor"] = Reconstruct,
    };

    // Types, and the makers of their values; in Python 2 and 3, and in NumPy 1 and 2.
    private static readonly HashSet<string> s_inert =
    [
        .. from module in (string[])["builtins", "__builtin__"]
           from name in (string[])
               ["set", "frozenset", "list", "dict", "tuple", "int", "long", "float", "complex", "bool", "str", "unicode", "bytes",
                   "bytearray", "slice", "range", "xrange", "object"]
           select $"{module}.{name}",
        .. from module in (string[])["numpy.core.multiarray", "numpy._core.multiarray"]
           from name in (string[])["scalar", "_reconstruct"]
           select $"{module}.{name}",
        "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer", "numpy.dtype", "numpy.ndarray",
        .. from name in (string[])
            ["bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64", "str_"]
           select $"numpy.{name}",
        .. from name in (string[])
            ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64", "strided",
                "contiguous_format", "preserve_format", "channels_last"]
           select $"torch.{name}",
        "_codecs.encode",
        "pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath",
        "datetime.datetime", "datetime.date", "datetime.timedelta",
    ];

    /// <summary>The name, if it is on the list.</summary>
    /// <exception cref="AlexNetException">It is not; the message says so and what to do.</exception>
    public static PythonGlobal Find(string module, string name)
    {
        var global = new PythonGlobal(module, name);
        return s_calls.ContainsKey(global.ToString()) || s_inert.Contains(global.ToString()) || (module == "torch" && s_storages.ContainsKey(name))
            ? global
            : throw new AlexNetException(
                $"it asks for the Python object '{global}', which would run code. Only tensors are taken: save the state "
                + "dict alone, with torch.save(model.state_dict(), path).");
    }

    /// <summary>What a call of the name gives.</summary>
    public static object? Call(object? callable, object? arguments)
    {
        if (callable is not PythonGlobal global || arguments is not IReadOnlyList<object?> list)
            throw Damaged($"a call of {callable ?? "None"}");

        var name = global.ToString();
        return s_calls.TryGetValue(name, out var call) ? call(list)
            : s_inert.Contains(name) ? new PythonObject(name)
            : throw Damaged($"a call of {name}");
    }

    /// <summary>The storage that a persistent id stands for: (storage, type, key, device, count[, view]).</summary>
    public static TorchStorage Storage(object? id) =>
        id is IReadOnlyList<object?> { Count: 5 or 6 } parts && parts[0] is "storage"
            && parts[1] is PythonGlobal { Module: "torch" } type && s_storages.TryGetValue(type.Name, out var format)
            && parts[2] is string key && parts[4] is long count && count >= 0
            && (parts.Count == 5 || parts[5] is null)
            ? new TorchStorage(key, format, count)
            : throw Damaged("a storage it does not describe as PyTorch does");

    public static AlexNetException Damaged(string what) =>
        new($"the pickle in it has {what}. It was damaged or not written by PyTorch.");

    private static TensorView Tensor(IReadOnlyList<object?> arguments) => new(
        Take<TorchStorage>(arguments, 0), Take<long>(arguments, 1), Numbers(arguments, 2), Numbers(arguments, 3));

    private static long[] Numbers(IReadOnlyList<object?> arguments, int index)
    {
        // Many tensors may share a long tuple, which each would copy.
        var tuple = Take<IReadOnlyList<object?>>(arguments, index);
        if (tuple.Count > MostSides)
            throw Damaged($"a tensor of {tuple.Count} sides; {MostSides} are read");

        return [.. Enumerable.Range(0, tuple.Count).Select(i => Take<long>(tuple, i))];
    }

    // Without arguments, with another dictionary, or with a list of pairs as Python 2 wrote them.
    private static PythonDict Dictionary(IReadOnlyList<object?> arguments)
    {
        if (arguments is [PythonDict other])
            return other;

        var dictionary = new PythonDict();
        var pairs = arguments.Count > 0 ? Take<IReadOnlyList<object?>>(arguments, 0) : [];
        for (var i = 0; i < pairs.Count; i++)
        {
            var pair = Take<IReadOnlyList<object?>>(pairs, i);
            dictionary.Items.Add(new(Take<object>(pair, 0), Take<object>(pair, 1)));
        }

        return dictionary;
    }

    // Protocols before 2: (class, base, state of the base).
    private static object? Reconstruct(IReadOnlyList<object?> arguments) => Call(Take<PythonGlobal>(arguments, 0), Array.Empty<object?>());

    private static object Only(IReadOnlyList<object?> arguments) => Take<object>(arguments, 0);

    private static T Take<T>(IReadOnlyList<object?> list, int index) => index < list.Count && list[index] is T value
        ? value
        : throw Damaged("a call with other arguments than PyTorch gives it");
}
