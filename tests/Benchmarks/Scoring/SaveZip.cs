using Microsoft.ML;
using MlNetAlexNet.Images;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Tests;

namespace MlNetAlexNet.Benchmarks.Scoring;

/// <summary>A fitted pipeline with AlexNet to a model zip.</summary>
internal static class SaveZip
{
    public static IEnumerable<Result> Run(Settings settings)
    {
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable<LabeledImage>([]);
        using var model = ml.Transforms.LoadPixels().Fit(view)
            .Append(ScoringChain.Create(ml, ModelZip.Read(settings.RequireModel())));
        using var folder = new TemporaryFolder();
        var zip = Path.Combine(folder.Path, "model.zip");
        var bytes = new byte[sizeof(float) * 58_322_314]; // AlexNet's with 10 classes
        return [.. Comparison.Run(
            "save", "s", settings.Rounds,
            new("File.WriteAllBytes of as many bytes", () => Comparison.Seconds(() => File.WriteAllBytes(zip, bytes))),
            new("ModelZip.Save", () => Comparison.Seconds(() => ModelZip.Save(ml, model, view.Schema, zip))),
            new("ml.Model.Save", () => Comparison.Seconds(() => ml.Model.Save(model, view.Schema, zip))))];
    }
}
