using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Tests.Images;

/// <summary>The picture stages of a model zip in the hands of an app with Microsoft's packages alone.</summary>
internal static class StockStages
{
    /// <summary>What the network gets there of each picture.</summary>
    public static IReadOnlyList<byte[]> Decode(
        IReadOnlyList<string> paths, int imageSize = 256, ImageResizeMode mode = ImageResizeMode.Crop)
    {
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable(paths.Select(path => new LabeledImage { ImagePath = path }));
        using var zip = new MemoryStream();
        ml.Model.Save(ml.Transforms.LoadPixels(imageSize, mode).Fit(view), view.Schema, zip);
        using var loaded = (IDisposable)ml.Model.Load(zip, out _);
        return [.. ((ITransformer)loaded).Transform(view).GetColumn<byte[]>("Pixels")];
    }
}
