namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>
/// A tensor as PyTorch pickles it: element (i, j, ..) is number offset + i x stride 0 + j x stride 1 + .. of a storage.
/// </summary>
internal sealed class TensorView
{
    private readonly int _offset;
    private readonly int[] _strides;

    /// <exception cref="AlexNetException">The view reaches outside its storage, or holds a number more than once.</exception>
    public TensorView(TorchStorage storage, long offset, IReadOnlyList<long> dimensions, IReadOnlyList<long> strides)
    {
        if (!IsInside(storage.Count, offset, dimensions, strides))
        {
            throw new AlexNetException(
                $"a tensor of {string.Join(" x ", dimensions)} at {offset} with strides {string.Join(", ", strides)} "
                + $"does not lie inside its storage '{storage.Key}' of {storage.Count} numbers.");
        }

        Storage = storage;
        Dimensions = [.. dimensions.Select(side => (int)side)];
        _offset = (int)offset;
        _strides = [.. strides.Select(stride => (int)stride)];
    }

    public TorchStorage Storage { get; }

    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>The tensor's numbers in row-major order, out of all those of its storage.</summary>
    public float[] Take(float[] storage)
    {
        var count = Dimensions.Aggregate(1, (product, side) => product * side);
        if (_offset == 0 && count == storage.Length && IsRowMajor())
            return storage;

        var values = new float[count];
        var index = new int[Dimensions.Count];
        for (var i = 0; i < count; i++)
        {
            var at = _offset;
            for (var d = 0; d < index.Length; d++)
                at += index[d] * _strides[d];
            values[i] = storage[at];

            for (var d = index.Length - 1; d >= 0 && ++index[d] == Dimensions[d]; d--)
                index[d] = 0;
        }

        return values;
    }

    private bool IsRowMajor()
    {
        var expected = 1;
        for (var d = Dimensions.Count - 1; d >= 0; d--)
        {
            if (Dimensions[d] != 1 && _strides[d] != expected)
                return false;
            expected *= Dimensions[d];
        }

        return true;
    }

    private static bool IsInside(
        long storage, long offset, IReadOnlyList<long> dimensions, IReadOnlyList<long> strides)
    {
        if (storage is < 0 || storage > Array.MaxLength || offset < 0 || offset > storage
            || strides.Count != dimensions.Count || dimensions.Any(side => side < 0 || side > storage)
            || strides.Any(stride => stride < 0 || stride > storage))
        {
            return false;
        }

        long count = 1;
        var last = offset;
        for (var d = 0; d < dimensions.Count; d++)
        {
            count *= dimensions[d]; // both factors are below 2^31
            last += Math.Max(0, dimensions[d] - 1) * strides[d];
            if (count > storage || last > storage)
                return false;
        }

        return count == 0 || last < storage;
    }
}
