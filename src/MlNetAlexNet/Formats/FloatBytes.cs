using System.Buffers;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace MlNetAlexNet.Formats;

/// <summary>Floats seen as their little-endian bytes without a copy, which would cost 233 MB for AlexNet.</summary>
internal sealed class FloatBytes(float[] values) : MemoryManager<byte>
{
    private GCHandle _pin;

    /// <summary>The bytes of <paramref name="values"/>, which must not change while they are in use.</summary>
    public static ByteString Of(float[] values) => UnsafeByteOperations.UnsafeWrap(new FloatBytes(values).Memory);

    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(values.AsSpan());

    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        _pin = GCHandle.Alloc(values, GCHandleType.Pinned);
        return new MemoryHandle((byte*)_pin.AddrOfPinnedObject() + elementIndex, pinnable: this);
    }

    public override void Unpin() => _pin.Free();

    protected override void Dispose(bool disposing)
    {
    }
}
