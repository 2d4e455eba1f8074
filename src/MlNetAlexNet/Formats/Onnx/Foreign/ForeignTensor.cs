using MlNetAlexNet.Formats.Onnx.Graph;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>The numbers of a tensor as 32-bit floats, wherever they are and however they are kept.</summary>
internal static class ForeignTensor
{
    /// <summary>How a tensor's numbers are kept; null if they are no weights.</summary>
    public static NumberFormat? FormatOf(TensorProto tensor) => (DataType)tensor.DataType switch
    {
        DataType.Float => NumberFormat.Float32,
        DataType.Float16 => NumberFormat.Float16,
        DataType.Bfloat16 => NumberFormat.BFloat16,
        DataType.Double => NumberFormat.Float64,
        _ => null,
    };

    /// <summary>Reads them.</summary>
    /// <param name="tensor">Of a format of <see cref="FormatOf"/>.</param>
    /// <param name="count">How many the tensor's sides ask for.</param>
    /// <param name="place">The file that they are in; null for the graph's.</param>
    /// <returns>As many as there are: not always <paramref name="count"/>.</returns>
    public static float[] Read(TensorProto tensor, int count, ExternalData.Place? place)
    {
        var format = FormatOf(tensor)!;
        if (place is not null)
            return place.Read(format, count);

        if (tensor.RawData.IsEmpty)
        {
            return (DataType)tensor.DataType switch
            {
                DataType.Float => [.. tensor.FloatData],
                DataType.Double => [.. tensor.DoubleData.Select(value => (float)value)],
                DataType.Float16 => [.. tensor.Int32Data.Select(bits => (float)BitConverter.UInt16BitsToHalf((ushort)bits))],
                _ => [.. tensor.Int32Data.Select(bits => BitConverter.UInt32BitsToSingle((uint)(ushort)bits << 16))],
            };
        }

        if (tensor.RawData.Length % format.Bytes != 0)
            return [];

        using var bytes = new MemoryStream(tensor.RawData.ToByteArray()); // large ones are parsed as in a file
        return format.Read(bytes, tensor.RawData.Length / format.Bytes);
    }
}
