using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Engine;

/// <summary>Bytes to normalised values: <see cref="ImagePreprocessing"/> as Torch computes it.</summary>
internal sealed class PixelNormalization : IDisposable
{
    private readonly int _channels;
    private readonly torch.Device _device;
    private readonly ScalarType _compute;
    private readonly Tensor _mean;       // (W C), 32 bits
    private readonly Tensor _scale;      // (W C), 32 bits
    private readonly Tensor? _meanImage; // size x size x C, 32 bits

    /// <param name="preprocessing">What happens to a picture.</param>
    /// <param name="device">Where it does.</param>
    /// <param name="compute">The format of the values.</param>
    public PixelNormalization(ImagePreprocessing preprocessing, torch.Device device, ScalarType compute)
    {
        (_channels, _device, _compute) = (preprocessing.Mean.Count, device, compute);
        _mean = Row(preprocessing.Mean);
        _scale = Row(preprocessing.StandardDeviation.Select(value => 1 / value));
        using var scope = NewDisposeScope();
        _meanImage = preprocessing.MeanImage is not { } image ? null : tensor(image.ToArray(), device: device)
            .reshape(_channels, preprocessing.ImageSize, preprocessing.ImageSize)
            .permute(1, 2, 0).contiguous().DetachFromDisposeScope();

        // A whole row of pixels: Torch's inner loop over three colours would be ten times slower.
        Tensor Row(IEnumerable<float> channels) => tensor(
            Enumerable.Repeat(channels.ToArray(), preprocessing.CropSize).SelectMany(pixel => pixel).ToArray(), device: device)
            .DetachFromDisposeScope();
    }

    /// <summary>Squares of a batch, wherever they lie in their pictures, and their colours moved.</summary>
    /// <returns>N x C x side x side; one channel is <see cref="GreyValue"/>.</returns>
    public Tensor Apply(Batch batch) => Apply(
        batch.Pixels,
        _meanImage is null ? null : batch.Places.to(_device),
        batch.Shifts.Length == 0
            ? null
            : tensor(batch.Shifts).reshape(batch.Count, _channels).to(_device, non_blocking: true)); // else a GPU is waited for

    /// <summary>Squares out of the middles of their pictures.</summary>
    /// <param name="pixels">N x side x side x RGB.</param>
    /// <returns>As above.</returns>
    public Tensor Apply(Tensor pixels)
    {
        if (_meanImage is null)
            return Apply(pixels, places: null, shifts: null);

        var middle = (_meanImage.shape[0] - pixels.shape[1]) / 2;
        return Apply(pixels, tensor([middle, middle, 0L], device: _device).expand(pixels.shape[0], 3), shifts: null);
    }

    public void Dispose()
    {
        _mean.Dispose();
        _scale.Dispose();
        _meanImage?.Dispose();
    }

    // pixels: N x H x W x RGB, places: N x 3, shifts: N x C
    private Tensor Apply(Tensor pixels, Tensor? places, Tensor? shifts)
    {
        var colours = pixels.to(_device);                          // N x H x W x 3
        var values = _channels == 1 ? ToGrey(colours) : colours;   // N x H x W x C
        var rows = values.flatten(2)                               // N x H x (W C)
            .to(ScalarType.Float32);
        var width = rows.shape[2];
        rows.sub_(_meanImage is null
            ? _mean.narrow(0, 0, width)
            : DeviceCrop.CutOne(_meanImage, places!, (int)values.shape[2]).flatten(2));
        if (shifts is not null)
            rows.add_(shifts.repeat(1, values.shape[2]).unsqueeze(1)); // N x 1 x (W C)
        return rows.mul_(_scale.narrow(0, 0, width)).to(_compute)
            .reshape(values.shape)                                 // N x H x W x C
            .permute(0, 3, 1, 2);                                  // N x C x H x W, as it lies in memory
    }

    // N x H x W x 3 bytes to N x H x W x 1 whole numbers in 32 bits.
    private static Tensor ToGrey(Tensor colours) => colours.select(3, 0).to(ScalarType.Float32)     // N x H x W
        .mul_(GreyValue.Red)
        .add_(colours.select(3, 1), alpha: GreyValue.Green)
        .add_(colours.select(3, 2), alpha: GreyValue.Blue)
        .add_(GreyValue.Half).div_(GreyValue.Whole).floor_()
        .unsqueeze(3);                                                                              // N x H x W x 1
}
