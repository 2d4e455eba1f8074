using System.Buffers;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Data;

/// <summary>
/// A batch for the CPU: pictures are cut where they are loaded, into buffers that are pinned, since the tensors over
/// them point into them.
/// </summary>
/// <param name="capacity">Most pictures.</param>
/// <param name="side">Greatest side of the squares, in pixels.</param>
internal sealed class CutBatch(int capacity, int side) : Batch
{
    private readonly byte[] _pixels = GC.AllocateUninitializedArray<byte>(CountBytes(capacity, side), pinned: true);
    private readonly long[] _places = GC.AllocateArray<long>(3 * capacity, pinned: true);
    private readonly long[] _labels = GC.AllocateUninitializedArray<long>(capacity, pinned: true);

    public override Tensor Pixels =>
        frombuffer(_pixels, ScalarType.Byte, (long)Count * SquareBytes)      // (N side side 3)
            .reshape(Count, Side, Side, 3);                                  // N x side x side x 3

    public override Tensor Places => frombuffer(_places, ScalarType.Int64, 3L * Count).reshape(Count, 3);

    public override Tensor Labels => frombuffer(_labels, ScalarType.Int64, Count);

    public override Span<byte> Picture(int index) => _pixels.AsSpan(index * SquareBytes, SquareBytes);

    public override void Load(int index, PixelFile pictures, int row, View view)
    {
        view.Crop?.Describe(_places.AsSpan(3 * index, 3));
        var rented = ArrayPool<byte>.Shared.Rent(pictures.PictureBytes);
        try
        {
            var picture = rented.AsSpan(0, pictures.PictureBytes);
            pictures.Read(row, picture);
            view.Cut(picture, pictures.ImageSize, Picture(index), Side);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public override void SetLabel(int index, int label) => _labels[index] = label;

    public override void Dispose()
    {
        // Arrays are collected.
    }

    private int SquareBytes => Side * Side * 3;

    private static int CountBytes(int pictures, int crop)
    {
        var each = crop * crop * 3;
        return pictures <= Array.MaxLength / each ? pictures * each : throw new AlexNetException(
            $"BatchSize is {pictures}: so many crops of {crop}x{crop} are more than the {Array.MaxLength} bytes that a batch "
            + $"can have on the CPU. It must be at most {Array.MaxLength / each}.")
        {
            Option = nameof(TrainingOptions.BatchSize),
        };
    }
}
