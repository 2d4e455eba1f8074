using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.ModelZips;

/// <summary>The whole ML.NET pipeline of a model: label to key, picture to pixels, the network, prediction to name.</summary>
internal static class ModelPipeline
{
    private static TransformerChain<KeyToValueMappingTransformer> Create(MLContext ml, TrainedModel model)
    {
        var pictures = ml.Data.LoadFromEnumerable<LabeledImage>([]);
        var classes = ml.Data.LoadFromEnumerable(model.Classes.Select(name => new ClassName(name)));
        var scoring = ml.Transforms.Conversion.MapValueToKey("Label", keyData: classes)
            .Append(ml.Transforms.LoadPixels(model.Preprocessing.ImageSize))
            .Fit(pictures)
            .Append(ScoringChain.Create(ml, model));
        var names = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scoring.Transform(pictures));
        return scoring.Append(names);
    }

    /// <summary>
    /// Writes the pipeline of a model as a zip: the stages around a small network with the same ends, then the network in
    /// its place. ONNX Runtime need not load it for that.
    /// </summary>
    /// <exception cref="AlexNetException">The place cannot be written to.</exception>
    public static void Save(TrainedModel model, string path)
    {
        var ml = new MLContext(seed: 1);
        using var stages = new MemoryStream();
        using (var pipeline = Create(ml, ScoringChain.StandIn(model.Classes, model.TopK, model.Preprocessing.ImageSize)))
            ml.Model.Save(pipeline, InputSchema(ml), stages);

        var onnx = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            WholeFile.Write(onnx, file => OnnxExport.Write(model, "Pixels", file));
            using var network = File.OpenRead(onnx);
            WholeFile.Write(path, file => NetworkEntry.Replace(stages, network, file));
        }
        finally
        {
            File.Delete(onnx);
        }
    }

    /// <summary>The columns an app gives the model: <c>ImagePath</c> and <c>Label</c>.</summary>
    private static DataViewSchema InputSchema(MLContext ml) => ml.Data.LoadFromEnumerable<LabeledImage>([]).Schema;

    private sealed record ClassName(string Label);
}
