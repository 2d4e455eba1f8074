using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Data;

/// <summary>
/// A batch for a GPU: pictures are kept whole, with the place of their square, and cut there. The buffers are
/// page-locked, so that a copy to the GPU goes on while the host does other work: they may be filled again only after
/// something was read that the GPU has computed of the batch.
/// </summary>
internal sealed unsafe class DeviceBatch : Batch
{
    private readonly int _pictureBytes;
    private readonly torch.Device _device;
    private readonly Tensor _pictures; // capacity x size x size x RGB
    private readonly Tensor _places;   // capacity x 3: top, left, 1 if mirrored
    private readonly Tensor _labels;   // capacity
    private readonly byte* _picture;
    private readonly long* _place;
    private readonly long* _label;

    /// <param name="capacity">Most pictures.</param>
    /// <param name="size">Side of the pictures, in pixels.</param>
    /// <param name="device">Where they are learnt.</param>
    public DeviceBatch(int capacity, int size, torch.Device device)
    {
        (_pictureBytes, _device) = (PixelFile.BytesOf(size), device);
        _pictures = Allocate(ScalarType.Byte, capacity, size, size, 3);
        _places = Allocate(ScalarType.Int64, capacity, 3);
        _labels = Allocate(ScalarType.Int64, capacity);
        _picture = Start<byte>(_pictures);
        _place = Start<long>(_places);
        _label = Start<long>(_labels);

        Tensor Allocate(ScalarType type, params long[] shape)
        {
            using var scope = NewDisposeScope();
            var buffer = empty(shape, type);
            return (device.type == DeviceType.CPU ? buffer : buffer.pin_memory()).DetachFromDisposeScope();
        }
    }

    public override Tensor Pixels => DeviceCrop.Cut(Send(_pictures), Places, Side);         // N x side x side x 3

    public override Tensor Places => Send(_places);                                         // N x 3

    public override Tensor Labels => Send(_labels);                                         // N

    public override Span<byte> Picture(int index) => new(_picture + (long)index * _pictureBytes, _pictureBytes);

    public override void Load(int index, PixelFile pictures, int row, View view)
    {
        var place = view.Crop ?? throw new NotSupportedException("Only squares of the pictures' own pixels are cut on a GPU.");
        pictures.Read(row, Picture(index));
        place.Describe(new(_place + 3L * index, 3));
    }

    public override void SetLabel(int index, int label) => _label[index] = label;

    public override void Dispose()
    {
        _pictures.Dispose();
        _places.Dispose();
        _labels.Dispose();
    }

    private Tensor Send(Tensor buffer) => buffer.narrow(0, 0, Count).to(_device, non_blocking: true);

    // Of the first row alone: a span over all of them would end at 2 GiB.
    private static T* Start<T>(Tensor buffer)
        where T : unmanaged
    {
        using var first = buffer.narrow(0, 0, 1);
        return (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }
}
