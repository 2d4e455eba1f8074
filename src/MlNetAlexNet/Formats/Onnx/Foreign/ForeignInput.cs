using MlNetAlexNet.Layers;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MlNetAlexNet.Formats.Onnx.Foreign;

/// <summary>What a graph takes: a batch of pictures, and what that says of who made it.</summary>
internal sealed record ForeignInput(string Name, ForeignView View)
{
    /// <summary>What is said where a graph reckons with other than 32 bits.</summary>
    public const string OtherPrecision = "32-bit arithmetic where the file has 16 or 64 bits";

    /// <summary>Pictures in a batch; 0 if any number can be.</summary>
    private long Batch { get; init; }

    /// <summary>Whether it takes bytes: values from 0 to 255.</summary>
    public bool IsOfBytes { get; private init; }

    /// <summary>Whose habits it follows.</summary>
    public ModelOrigin Origin { get; private init; }

    /// <summary>What the type of its numbers makes assumed.</summary>
    public IReadOnlyList<string> Assumed { get; private init; } = [];

    /// <summary>The axis of a Softmax that names none: the last since version 13 of ONNX, all but the batch before.</summary>
    public long SoftmaxAxis { get; private init; }

    /// <exception cref="AlexNetException">It is something else than one batch of pictures of fixed size.</exception>
    public static ForeignInput Read(ModelProto model, ForeignConstants constants)
    {
        var input = ForeignChain.Input(model.Graph, constants);
        var type = input.Type?.TensorType;
        var sides = type?.Shape?.Dim ?? [];
        var number = (DataType)(type?.ElemType ?? 0);
        if (number is not (DataType.Float or DataType.Float16 or DataType.Double or DataType.Uint8) || sides.Count != 4)
        {
            throw new AlexNetException(
                $"its input '{input.Name}' is not a batch of images, channels x height x width or height x width x channels of "
                + $"32-bit numbers: it has {sides.Count} sides of {number}.");
        }

        if (sides.Skip(1).FirstOrDefault(side => side.DimValue is < 1 or > int.MaxValue) is { } unknown)
        {
            var side = unknown.DimParam.Length > 0 ? $"the side '{unknown.DimParam}'" : $"a side of {unknown.DimValue}";
            throw new AlexNetException(
                $"its input '{input.Name}' has {side}; images must be of fixed size. Export it with a fixed picture size.");
        }

        // Channels are first, as ONNX has them, unless only the last side can be channels.
        int[] others = [.. sides.Skip(1).Select(side => (int)side.DimValue)];
        var isChannelsLast = others[0] is not (1 or 3) && others[2] is 1 or 3;
        var shape = isChannelsLast
            ? TensorShape.Image(others[0], others[1], others[2])
            : TensorShape.Image(others[1], others[2], others[0]);
        if (shape.Channels > MostChannels)
            throw new AlexNetException($"its input '{input.Name}' has {shape.Channels} channels; pictures have 1 or 3.");

        return new ForeignInput(input.Name, new ForeignView(shape, isChannelsLast ? "NHWC" : "NCHW"))
        {
            Batch = sides[0].DimValue,
            IsOfBytes = number == DataType.Uint8,
            Origin = model.ProducerName.Contains("caffe", StringComparison.OrdinalIgnoreCase) || input.Name == "data_0"
                ? ModelOrigin.Caffe
                : isChannelsLast ? ModelOrigin.Keras : ModelOrigin.Torch,
            Assumed = number is DataType.Float16 or DataType.Double ? [OtherPrecision] : [],
            SoftmaxAxis = model.OpsetImport.Any(opset => opset.Domain is "" or "ai.onnx" && opset.Version >= 13) ? -1 : 1,
        };
    }

    /// <summary>Whether a side in the shape of a Reshape is the batch's.</summary>
    /// <param name="side">The side.</param>
    /// <param name="leavesRest">Whether another one takes what is left over.</param>
    public bool IsBatch(long side, bool leavesRest) =>
        side == 0 || (side == -1 && !leavesRest) || (side > 0 && side == Math.Max(1, Batch));

    private const int MostChannels = 1 << 10;
}
