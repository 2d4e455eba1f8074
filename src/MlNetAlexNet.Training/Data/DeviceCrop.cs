using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Data;

/// <summary><see cref="Crop.Cut"/> of many pictures at once, where they are: the same bytes.</summary>
internal static class DeviceCrop
{
    /// <param name="pictures">N x size x size x RGB bytes.</param>
    /// <param name="places">N x 3 whole numbers: top, left, 1 if mirrored and else 0.</param>
    /// <param name="side">Side of the squares, in pixels.</param>
    /// <returns>N x side x side x RGB bytes.</returns>
    public static Tensor Cut(Tensor pictures, Tensor places, int side)
    {
        using var scope = NewDisposeScope();
        var (count, size, device) = (pictures.shape[0], pictures.shape[1], pictures.device);
        var (top, left, mirrored) = (places.narrow(1, 0, 1), places.narrow(1, 1, 1), places.narrow(1, 2, 1)); // N x 1
        var along = arange(side, dtype: ScalarType.Int64, device: device);                     // side
        var rows = top + along;                                                 // N x side
        var columns = left + along + mirrored * along.mul(-2).add_(side - 1);   // N x side
        var first = arange(count, dtype: ScalarType.Int64, device: device).mul_(size * size);  // N: of first pixels
        var pixels = first.reshape(count, 1, 1) + rows.mul_(size).unsqueeze(2)
            + columns.unsqueeze(1);                                             // N x side x side: their numbers
        return pictures.reshape(-1, 3)                                          // (N size size) x 3
            .index_select(0, pixels.flatten())                                  // (N side side) x 3
            .reshape(count, side, side, 3)                                      // N x side x side x 3
            .MoveToOuterDisposeScope();
    }
}
