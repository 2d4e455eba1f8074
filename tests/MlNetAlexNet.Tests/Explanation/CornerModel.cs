using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Explanation;

/// <summary>
/// A network that looks at the upper left sixteenth alone: the logit of <c>bright</c> is the mean of its values less 127.5, over 50,
/// that of <c>dark</c> is 0. And a black picture of which that part is white.
/// </summary>
internal static class CornerModel
{
    public static TrainedModel Create(int side, ImageResizeMode mode)
    {
        var stack = new Sequential(TensorShape.Image(side, side, 3)) { new Flatten(), new Dense(2, Activation.Softmax) };
        var kernel = new float[2 * 3 * side * side];
        var corner = side / 4;
        for (var channel = 0; channel < 3; channel++)
        {
            for (var i = 0; i < corner * corner; i++)
                kernel[(channel * side * side) + (i / corner * side) + (i % corner)] = 1f / (3 * corner * corner);
        }

        var weights = new WeightSet(
        [
            new("dense_1/kernel", new Weight([2, 3 * side * side], kernel)),
            new("dense_1/bias", new Weight([2], [0, 0])),
        ]);
        var preprocessing = new ImagePreprocessing(side, [127.5f, 127.5f, 127.5f], [50, 50, 50]) { ImageSize = side, ResizeMode = mode };
        return new TrainedModel(stack.Plan(), weights, preprocessing, ["bright", "dark"], topK: 2);
    }

    public static string DrawPicture(string folder, int width, int height)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.Black);
        bitmap.Erase(SKColors.White, SKRectI.Create(width / 4, height / 4));
        return RandomPicture.Save(bitmap, Path.Combine(folder, "corner.png"));
    }
}
