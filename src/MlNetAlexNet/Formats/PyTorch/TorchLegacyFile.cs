using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>
/// What <c>torch.save</c> wrote before 1.6: five pickles (a magic number, the protocol, the system, what was saved, the
/// keys of the storages), then each storage's count and numbers (torch/serialization.py, <c>_legacy_save</c>).
/// </summary>
internal sealed class TorchLegacyFile : ITorchFile
{
    private static readonly BigInteger s_magic = BigInteger.Parse(
        "1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private readonly FileStream _file;
    private readonly Dictionary<string, long> _places = [];

    public TorchLegacyFile(FileStream file)
    {
        _file = file;
        if (ReadPickle() is not BigInteger magic || magic != s_magic)
            throw new AlexNetException("it is a pickle, but not of torch.save.");

        if (ReadPickle() is not 1001L)
            throw new AlexNetException("it is of a protocol that this version does not know.");

        if ((ReadPickle() as PythonDict)?["little_endian"] is not true)
            throw new AlexNetException("its byte order is not little-endian, which alone is read.");

        var unpickler = new Unpickler(new PickleInput(file));
        Root = unpickler.Read();
        Find(unpickler.Storages, ReadPickle() as IReadOnlyList<object?> ?? []);
    }

    public object? Root { get; }

    /// <summary>Whether a file that begins so is a pickle, of protocol 2 or later as of <c>torch.save</c>.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> start) => start is [0x80, >= 2 and <= 5, ..];

    public float[] Load(TorchStorage storage)
    {
        _file.Position = _places.TryGetValue(storage.Key, out var place)
            ? place
            : throw new AlexNetException($"it lacks the storage '{storage.Key}'.");
        return storage.Format.Read(_file, (int)storage.Count);
    }

    public void Dispose()
    {
        // The file is the caller's.
    }

    private object? ReadPickle() => new Unpickler(new PickleInput(_file)).Read();

    private void Find(IReadOnlyDictionary<string, TorchStorage> storages, IReadOnlyList<object?> keys)
    {
        Span<byte> count = stackalloc byte[sizeof(long)];
        foreach (var key in keys)
        {
            if (key is not string name || !storages.TryGetValue(name, out var storage))
                throw new AlexNetException($"it holds the storage '{key}', which nothing in it uses.");

            _file.ReadExactly(count);
            if (BinaryPrimitives.ReadInt64LittleEndian(count) != storage.Count)
                throw new AlexNetException($"the storage '{name}' in it is not of {storage.Count} numbers, as it says.");

            _places[name] = _file.Position;
            if (storage.Count > (_file.Length - _file.Position) / storage.Format.Bytes)
                throw new EndOfStreamException();
            _file.Position += storage.Count * storage.Format.Bytes;
        }
    }
}
