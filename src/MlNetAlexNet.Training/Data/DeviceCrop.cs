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
        var (count, size) = (pictures.shape[0], pictures.shape[1]);
        var first = arange(count, dtype: ScalarType.Int64, device: pictures.device).mul_(size * size); // N: of first pixels
        var pixels = Number(places, size, side).add_(first.reshape(count, 1, 1));                      // N x side x side
        return Take(pictures, pixels).MoveToOuterDisposeScope();                                       // N x side x side x 3
    }

    /// <summary>The same squares of one picture, with any number of channels.</summary>
    /// <param name="picture">size x size x C.</param>
    /// <param name="places">As above.</param>
    /// <param name="side">As above.</param>
    /// <returns>N x side x side x C.</returns>
    public static Tensor CutOne(Tensor picture, Tensor places, int side)
    {
        using var scope = NewDisposeScope();
        return Take(picture, Number(places, picture.shape[0], side)).MoveToOuterDisposeScope();        // N x side x side x C
    }

    // The numbers of a square's pixels in its picture: N x side x side.
    private static Tensor Number(Tensor places, long size, int side)
    {
        var (top, left, mirrored) = (places.narrow(1, 0, 1), places.narrow(1, 1, 1), places.narrow(1, 2, 1)); // N x 1
        var along = arange(side, dtype: ScalarType.Int64, device: places.device);                      // side
        var rows = top + along;                                                                        // N x side
        var columns = left + along + mirrored * along.mul(-2).add_(side - 1);                          // N x side
        return rows.mul_(size).unsqueeze(2) + columns.unsqueeze(1);                                    // N x side x side
    }

    private static Tensor Take(Tensor pictures, Tensor pixels)
    {
        var channels = pictures.shape[^1];
        return pictures.reshape(-1, channels)                                                          // pixels x C
            .index_select(0, pixels.flatten())                                                         // (N side side) x C
            .reshape([.. pixels.shape, channels]);                                                     // N x side x side x C
    }
}
