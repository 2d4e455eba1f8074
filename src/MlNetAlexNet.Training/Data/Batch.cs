using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Data;

/// <summary>Cropped pictures and their classes in buffers that are used again and again.</summary>
internal sealed class Batch(int capacity, int crop)
{
    private readonly byte[] _pixels = GC.AllocateUninitializedArray<byte>(capacity * crop * crop * 3, pinned: true);
    private readonly long[] _labels = GC.AllocateUninitializedArray<long>(capacity, pinned: true);

    /// <summary>Pictures in it.</summary>
    public int Count { get; set; }

    /// <summary>Where picture number <paramref name="index"/> of the batch goes.</summary>
    public Span<byte> Picture(int index) => _pixels.AsSpan(index * crop * crop * 3, crop * crop * 3);

    public void SetLabel(int index, int label) => _labels[index] = label;

    /// <summary>The bytes as a tensor over this buffer: count x crop x crop x RGB. Valid until the batch is filled again.</summary>
    public Tensor Pixels => frombuffer(_pixels, ScalarType.Byte, (long)Count * crop * crop * 3).reshape(Count, crop, crop, 3);

    /// <summary>The classes as a tensor over this buffer. Valid until the batch is filled again.</summary>
    public Tensor Labels => frombuffer(_labels, ScalarType.Int64, Count);
}
