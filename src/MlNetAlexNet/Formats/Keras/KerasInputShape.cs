using System.Text.Json;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>The shape that a model takes, without the batch: a picture, or a vector of so many channels.</summary>
/// <param name="Height">Null for a vector, and for pictures of every size.</param>
/// <param name="Width">Likewise.</param>
/// <param name="Channels">Channels of a picture, units of a vector.</param>
/// <param name="IsFlat">Whether it is a vector.</param>
internal sealed record KerasInputShape(int? Height, int? Width, int Channels, bool IsFlat)
{
    /// <summary>The shape, batch first; null if it is none that is known here.</summary>
    public static KerasInputShape? Parse(JsonElement shape)
    {
        if (shape.ValueKind != JsonValueKind.Array || shape.GetArrayLength() is not (2 or 4))
            return null;
        var sides = shape.EnumerateArray().Skip(1)
            .Select(side => side.TryGetInt(out var number) ? (int?)number : null).ToArray();
        if (sides[^1] is not { } channels || shape.EnumerateArray().Skip(1).Any(side =>
            side.ValueKind is not (JsonValueKind.Null or JsonValueKind.Number)))
        {
            return null;
        }

        return sides is [var height, var width, _]
            ? new KerasInputShape(height, width, channels, IsFlat: false)
            : new KerasInputShape(Height: null, Width: null, channels, IsFlat: true);
    }

    /// <summary>The shape; null for pictures of every size.</summary>
    public TensorShape? ToTensorShape() =>
        IsFlat ? TensorShape.Vector(Channels)
        : Height is { } height && Width is { } width ? TensorShape.Image(height, width, Channels)
        : null;
}
