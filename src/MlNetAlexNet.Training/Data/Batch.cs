using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Data;

/// <summary>
/// Cropped pictures and their classes in buffers that are used again and again. They are pinned: the tensors over them
/// point into them.
/// </summary>
/// <param name="capacity">Most pictures.</param>
/// <param name="crop">Side of the pictures, in pixels.</param>
internal sealed class Batch(int capacity, int crop)
{
    private readonly byte[] _pixels = GC.AllocateUninitializedArray<byte>(capacity * crop * crop * 3, pinned: true);
    private readonly long[] _labels = GC.AllocateUninitializedArray<long>(capacity, pinned: true);

    /// <summary>Pictures in it, at most as many as it has room for; those behind them are of a batch before.</summary>
    public int Count { get; set; }

    /// <summary>Where picture number <paramref name="index"/> of the batch goes: crop x crop x RGB bytes.</summary>
    public Span<byte> Picture(int index) => _pixels.AsSpan(index * crop * crop * 3, crop * crop * 3);

    /// <summary>Sets the class, from 0, of picture number <paramref name="index"/> of the batch.</summary>
    public void SetLabel(int index, int label) => _labels[index] = label;

    /// <summary>A tensor over the bytes: N x crop x crop x RGB. Valid until the batch is filled again.</summary>
    public Tensor Pixels => frombuffer(_pixels, ScalarType.Byte, (long)Count * crop * crop * 3) // (N crop crop 3)
        .reshape(Count, crop, crop, 3);                                                         // N x crop x crop x 3

    /// <summary>A tensor over the classes: N. Valid until the batch is filled again.</summary>
    public Tensor Labels => frombuffer(_labels, ScalarType.Int64, Count);
}
