using System.Numerics;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>
/// Reads a pickle as PyTorch writes it (protocols 2 to 5; Lib/pickletools.py describes each instruction). It makes
/// lists, dictionaries and the tensors of <see cref="PythonGlobals"/>, and runs nothing.
/// </summary>
internal sealed class Unpickler(PickleInput input)
{
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<int, object?> _memo = [];
    private readonly Dictionary<string, TorchStorage> _storages = [];
    private long _items;

    /// <summary>The storages that the pickle names, by their keys.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Storages => _storages;

    /// <summary>Reads one pickle, up to its end and no further.</summary>
    /// <exception cref="AlexNetException">It holds something else than data, or makes no sense.</exception>
    public object? Read()
    {
        for (var code = input.Byte(); code != '.'; code = input.Byte())
        {
            if (!(Value(code) || Container(code) || Reference(code)))
            {
                throw PythonGlobals.Damaged($"the instruction 0x{code:x2}");
            }
        }

        return Pop();
    }

    private bool Value(byte code)
    {
        switch (code)
        {
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'J': Push((long)input.Int32()); break;
            case (byte)'K': Push((long)input.Byte()); break;
            case (byte)'M': Push((long)input.UInt16()); break;
            case 0x8a: PushInteger(input.Bytes(input.Byte())); break;
            case (byte)'G': Push(input.BigEndianDouble()); break;
            case (byte)'X' or (byte)'T': Push(input.Text(input.Int32())); break;
            case 0x8c or (byte)'U': Push(input.Text(input.Byte())); break;
            case 0x8d: Push(input.Text(input.Int64())); break;
            case (byte)'B': Push(input.Bytes(input.Int32()).ToArray()); break;
            case (byte)'C': Push(input.Bytes(input.Byte()).ToArray()); break;
            case 0x8e or 0x96: Push(input.Bytes(input.Int64()).ToArray()); break;
            default: return false;
        }

        return true;
    }

    private bool Container(byte code)
    {
        switch (code)
        {
            case (byte)'(': _marks.Push(_stack.Count); break;
            case (byte)')': Push(Array.Empty<object?>()); break;
            case 0x85: Push(PopMany(1)); break;
            case 0x86: Push(PopMany(2)); break;
            case 0x87: Push(PopMany(3)); break;
            case (byte)'t' or 0x91: Push(PopToMark()); break;
            case (byte)']' or 0x8f: Push(new List<object?>()); break;
            case (byte)'a': AddTo<List<object?>>(PopMany(1), (list, items) => list.AddRange(items)); break;
            case (byte)'e' or 0x90: AddTo<List<object?>>(PopToMark(), (list, items) => list.AddRange(items)); break;
            case (byte)'}': Push(new PythonDict()); break;
            case (byte)'s': AddTo<PythonDict>(PopMany(2), AddPairs); break;
            case (byte)'u': AddTo<PythonDict>(PopToMark(), AddPairs); break;
            default: return false;
        }

        return true;
    }

    private bool Reference(byte code)
    {
        switch (code)
        {
            case 0x80: input.Byte(); break; // the protocol's number
            case 0x95: input.Int64(); break; // the length of a frame
            case (byte)'q': _memo[input.Byte()] = Peek(); break;
            case (byte)'r': _memo[input.Int32()] = Peek(); break;
            case 0x94: _memo[_memo.Count] = Peek(); break;
            case (byte)'h': Push(Remembered(input.Byte())); break;
            case (byte)'j': Push(Remembered(input.Int32())); break;
            case (byte)'c': Push(PythonGlobals.Find(input.Line(), input.Line())); break;
            case (byte)'i': PythonGlobals.Find(input.Line(), input.Line()); return false; // at least by its name
            case 0x93: Push(StackGlobal(PopMany(2))); break;
            case (byte)'R' or 0x81: // an object is made as by a call
                var (arguments, callable) = (Pop(), Pop());
                Push(CountItems(PythonGlobals.Call(callable, arguments)));
                break;
            case (byte)'b': // attributes of a dictionary or an object, such as a state dict's version numbers
                Pop();
                if (Peek() is not (PythonDict or PythonObject))
                    throw PythonGlobals.Damaged("attributes for something that has none");
                break;
            case (byte)'Q':
                var storage = PythonGlobals.Storage(Pop());
                if (!_storages.TryAdd(storage.Key, storage) && _storages[storage.Key] != storage)
                    throw PythonGlobals.Damaged($"two storages called '{storage.Key}'");
                Push(storage);
                break;
            default: return false;
        }

        return true;
    }

    // Calls are short; without a limit, many of them on one long list would fill the memory.
    private object? CountItems(object? made)
    {
        _items += (made as PythonDict)?.Items.Count ?? 0;
        return _items <= PickleInput.MaxBytes ? made : throw PythonGlobals.Damaged("more items than it has bytes");
    }

    private static PythonGlobal StackGlobal(object?[] names) => names is [string module, string name]
        ? PythonGlobals.Find(module, name)
        : throw PythonGlobals.Damaged("a name that is no text");

    private object? Remembered(int index) => _memo.TryGetValue(index, out var value)
        ? value
        : throw PythonGlobals.Damaged($"a reference to {index}, which it did not define");

    private void Push(object? value) => _stack.Add(value);

    private object? Peek() => _stack.Count > Bottom ? _stack[^1] : throw PythonGlobals.Damaged("a value too few");

    private object? Pop() => PopMany(1)[0];

    private int Bottom => _marks.TryPeek(out var mark) ? mark : 0;

    private object?[] PopMany(int count)
    {
        if (_stack.Count - count < Bottom)
            throw PythonGlobals.Damaged("a value too few");

        var values = _stack.GetRange(_stack.Count - count, count).ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private object?[] PopToMark()
    {
        var count = _stack.Count - Bottom;
        if (!_marks.TryPop(out _))
            throw PythonGlobals.Damaged("an end without a beginning");

        var values = _stack.GetRange(_stack.Count - count, count).ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private void AddTo<T>(object?[] items, Action<T, object?[]> add) where T : class =>
        add(Peek() as T ?? throw PythonGlobals.Damaged("items for something that has none"), items);

    private static void AddPairs(PythonDict dictionary, object?[] items)
    {
        if (items.Length % 2 != 0)
            throw PythonGlobals.Damaged("a key without a value");

        for (var i = 0; i < items.Length; i += 2)
            dictionary.Items.Add(new(items[i], items[i + 1]));
    }

    // Little-endian two's complement; a long where it fits, as everywhere else.
    private void PushInteger(ReadOnlySpan<byte> bytes)
    {
        var integer = new BigInteger(bytes);
        Push(bytes.Length <= sizeof(long) ? (long)integer : (object)integer);
    }
}
