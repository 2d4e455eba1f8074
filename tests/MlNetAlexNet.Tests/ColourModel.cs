using Microsoft.ML;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using SkiaSharp;

namespace MlNetAlexNet.Tests;

/// <summary>
/// A network that names the strongest of red, green and blue over the middle pixels of a picture, and pictures of one
/// colour: the right answer is plain to see.
/// </summary>
internal static class ColourModel
{
    // The order is neither alphabetical nor that of first occurrence below.
    public static readonly string[] Classes = ["red", "green", "blue"];

    public static TrainedModel Create()
    {
        const int Side = 3;
        var crop = TensorShape.Image(Side, Side, 3);
        var stack = new Sequential(crop) { new Flatten(), new Dense(3, Activation.Softmax) };
        var kernel = new float[3 * 3 * Side * Side];
        for (var channel = 0; channel < 3; channel++)
            kernel.AsSpan(channel * (3 + 1) * Side * Side, Side * Side).Fill(1f / (Side * Side));

        var weights = new WeightSet(
        [
            new("dense_1/kernel", new Weight([3, 3 * Side * Side], kernel)),
            new("dense_1/bias", new Weight([3], [0, 0, 0])),
        ]);
        return new TrainedModel(
            stack.Plan(), weights, new ImagePreprocessing(Side, [0, 0, 0], [50, 50, 50]), Classes, topK: 2);
    }

    /// <summary>Writes a picture of one colour.</summary>
    public static string Draw(string folder, string name, SKColor colour, int width = 40, int height = 30)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(colour);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, data.ToArray());
        return path;
    }

    /// <summary>Pictures of known colours, the last two with a label that is wrong.</summary>
    public static LabeledImage[] Draw(string folder) =>
    [
        new() { ImagePath = Draw(folder, "1.png", SKColors.Blue), Label = "blue" },
        new() { ImagePath = Draw(folder, "2.png", SKColors.Red, 256, 256), Label = "red" },
        new() { ImagePath = Draw(folder, "3.png", SKColors.Lime, 300, 200), Label = "green" },
        new() { ImagePath = Draw(folder, "4.png", SKColors.Red), Label = "red" },
        new() { ImagePath = Draw(folder, "5.png", SKColors.Blue), Label = "red" },
        new() { ImagePath = Draw(folder, "6.png", SKColors.Red), Label = "green" },
    ];

    /// <summary>The pipeline as a user fits it, with the network instead of its trainer.</summary>
    public static ITransformer Fit(MLContext ml, IDataView images, bool namePrediction = true)
    {
        var names = ml.Data.LoadFromEnumerable(Classes.Select(name => new LabeledImage { Label = name }));
        var classes = ml.Transforms.SelectColumns("Label").Fit(names).Transform(names);
        var pixels = ml.Transforms.Conversion.MapValueToKey("Label", keyData: classes)
            .Append(ml.Transforms.LoadPixels())
            .Fit(images);
        var chain = pixels.Append(ScoringChain.Create(ml, Create()));
        return namePrediction
            ? chain.Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(chain.Transform(images)))
            : chain;
    }

    /// <summary>The same, saved.</summary>
    public static string Save(string folder, IReadOnlyList<LabeledImage> images, bool namePrediction = true)
    {
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable(images);
        var path = Path.Combine(folder, "model.zip");
        var model = Fit(ml, view, namePrediction);
        ModelZip.Save(ml, model, view.Schema, path);
        return path;
    }
}
