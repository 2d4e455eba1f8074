using System.Runtime.InteropServices;

namespace MlNetAlexNet.Formats.TensorFlowJs;

/// <summary>One weight of a <c>weightsManifest</c> (tfjs-core/src/io/types.ts, <c>WeightsManifestEntry</c>).</summary>
/// <param name="Name">Such as <c>conv2d/kernel</c>.</param>
/// <param name="Dimensions">In Keras' order.</param>
/// <param name="Type">How a value is stored: <c>float32</c>, or <c>uint8</c>, <c>uint16</c>, <c>float16</c>.</param>
/// <param name="Scale">Of an integer: the value is integer x scale + min.</param>
/// <param name="Min">Of an integer.</param>
internal sealed record TensorFlowJsWeight(string Name, int[] Dimensions, string Type, double Scale, double Min)
{
    /// <summary>Bytes in the shards.</summary>
    public long Bytes => Dimensions.Aggregate(1L, (product, side) => product * side) * Width;

    /// <summary>Bytes a value.</summary>
    public int Width => Type switch
    {
        "float32" or "int32" => 4,
        "uint16" or "float16" => 2,
        "uint8" or "bool" => 1,
        _ => throw new AlexNetException(
            $"The weight '{Name}' is stored as {Type}; known are float32, float16, uint16 and uint8."),
    };

    /// <summary>Fills bytes.</summary>
    public delegate void Reader(Span<byte> bytes);

    /// <summary>Fills an array with values of stored bytes.</summary>
    public void Decode(float[] values, Reader read)
    {
        if (Type == "float32")
        {
            read(MemoryMarshal.AsBytes(values.AsSpan()));
            return;
        }

        var bytes = new byte[values.Length * Width];
        read(bytes);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Type switch
            {
                "float16" => (float)BitConverter.ToHalf(bytes, 2 * i),
                "uint16" => (float)(BitConverter.ToUInt16(bytes, 2 * i) * Scale + Min),
                "uint8" => (float)(bytes[i] * Scale + Min),
                _ => throw new AlexNetException($"The weight '{Name}' holds {Type}; floats are needed."),
            };
        }
    }
}

/// <summary>Weights that lie one after the other in a row of files.</summary>
/// <param name="Shards">Full paths, in order.</param>
/// <param name="Weights">In order.</param>
internal sealed record TensorFlowJsGroup(IReadOnlyList<string> Shards, IReadOnlyList<TensorFlowJsWeight> Weights);
