using System.Runtime.InteropServices;

namespace MlNetAlexNet.Formats.TensorFlowJs;

/// <summary>One weight of a <c>weightsManifest</c> (tfjs-core/src/io/types.ts, <c>WeightsManifestEntry</c>).</summary>
/// <param name="Name">Such as <c>conv2d/kernel</c>.</param>
/// <param name="Dimensions">In Keras' order.</param>
/// <param name="Type">How its values are stored: <c>float32</c>, or <c>uint8</c>, <c>uint16</c>, <c>float16</c>.</param>
/// <param name="Scale">Of an integer: the value is integer x scale + min.</param>
/// <param name="Min">Of an integer.</param>
internal sealed record TensorFlowJsWeight(string Name, int[] Dimensions, string Type, double Scale, double Min)
{
    /// <summary>Bytes in the shards.</summary>
    public long Bytes => checked(Dimensions.Aggregate(1L, (product, side) => checked(product * side)) * Width);

    private int Width => Type switch
    {
        "float32" or "int32" => 4,
        "uint16" or "float16" => 2,
        "uint8" or "bool" => 1,
        _ => throw new AlexNetException(
            $"The weight '{Name}' is stored as {Type}; known are float32, float16, uint16 and uint8."),
    };

    /// <summary>The values of stored bytes.</summary>
    public float[] Decode(byte[] bytes) => Type switch
    {
        "float32" => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
        "float16" => [.. MemoryMarshal.Cast<byte, Half>(bytes).ToArray().Select(value => (float)value)],
        "uint16" => [.. MemoryMarshal.Cast<byte, ushort>(bytes).ToArray().Select(value => (float)(value * Scale + Min))],
        "uint8" => [.. bytes.Select(value => (float)(value * Scale + Min))],
        _ => throw new AlexNetException($"The weight '{Name}' holds {Type}; floats are needed."),
    };
}

/// <summary>Weights that lie one after the other in a row of files.</summary>
/// <param name="Shards">Full paths, in order.</param>
/// <param name="Weights">In order.</param>
internal sealed record TensorFlowJsGroup(IReadOnlyList<string> Shards, IReadOnlyList<TensorFlowJsWeight> Weights);
