using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Onnx;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.ModelZips;

/// <summary>
/// The trained network as a chain of Microsoft's own transformers, so that a saved model needs no assembly of ours:
/// the pixels column in; out <c>Score</c> (slot names are the classes), <c>PredictedLabel</c> (a key over the classes
/// in Score's order), <c>TopLabels</c> and <c>TopScores</c>.
/// </summary>
internal static class ScoringChain
{
    private const string PredictedLabel = "PredictedLabel";
    private const string Hash = "BestLabelHash";

    /// <summary>Builds the chain for a trained network.</summary>
    /// <param name="ml">Where the transformers live.</param>
    /// <param name="model">The network.</param>
    /// <param name="pixels">The column to score, <c>Vector&lt;Byte, ImageSize, ImageSize, 3&gt;</c>.</param>
    public static TransformerChain<ITransformer> Create(
        MLContext ml, TrainedModel model, string pixels = OnnxNames.Pixels)
    {
        var file = new TemporaryModelFile(ml.TempFilePath, pixels);
        try
        {
            var estimator = Estimator(ml, model, pixels, file);
            var chain = estimator.Fit(NoPictures(ml, pixels, model.Preprocessing.ImageSize));
            file.KeepFor(chain.First());
            return chain;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The columns the chain will add, known before training. ML.NET offers no way to write down a
    /// <see cref="SchemaShape"/>, so the chain of a network with 8 weights is asked for it.
    /// </summary>
    public static SchemaShape GetOutputSchema(MLContext ml, SchemaShape input, string pixels = OnnxNames.Pixels)
    {
        using var file = new TemporaryModelFile(ml.TempFilePath, pixels);
        return Estimator(ml, Tiny(), pixels, file).GetOutputSchema(input);
    }

    /// <summary>The network alone, with 8 weights in place of its own.</summary>
    /// <param name="ml">Where the transformer lives.</param>
    /// <param name="file">Must live as long as it.</param>
    public static OnnxTransformer CreateStandIn(MLContext ml, TemporaryModelFile file)
    {
        var tiny = Tiny();
        return Network(ml, tiny, file.Pixels, file).Fit(NoPictures(ml, file.Pixels, tiny.Preprocessing.ImageSize));
    }

    /// <summary>A network of a few weights with the ends of a larger one.</summary>
    public static TrainedModel CreateSmall(IReadOnlyList<string> classes, int topK, PictureForm form)
    {
        var plan = new Sequential(TensorShape.Image(1, 1, 3)) { new Flatten(), new Dense(classes.Count, Activation.Softmax) }
            .Plan();
        var preprocessing = new ImagePreprocessing(1, [0, 0, 0], [1, 1, 1])
        {
            ImageSize = form.Side,
            ResizeMode = form.Mode,
        };
        return new TrainedModel(plan, WeightInitializer.HeNormal(plan, new Random(0)), preprocessing, classes, topK);
    }

    private static TrainedModel Tiny() => CreateSmall(["a", "b"], topK: 2, PictureForm.Default);

    private static OnnxScoringEstimator Network(
        MLContext ml, TrainedModel model, string pixels, TemporaryModelFile file)
    {
        using var graph = OnnxExport.Create(model, pixels);
        WholeFile.Write(file.Path, graph.WriteTo);
        string[] outputs = [OnnxNames.Score, OnnxNames.TopLabels, OnnxNames.TopScores, OnnxNames.BestLabel];
        return ml.Transforms.ApplyOnnxModel(outputs, [pixels], file.Path);
    }

    private static EstimatorChain<ITransformer> Estimator(
        MLContext ml, TrainedModel model, string pixels, TemporaryModelFile file)
    {
        var (hash, table) = ClassesByHash(ml, model.Classes);
        return new EstimatorChain<ITransformer>()
            .Append(Network(ml, model, pixels, file))
            .Append(hash)
            .Append(ml.Transforms.Conversion.MapValue(
                PredictedLabel, table, table.Schema[Hash], table.Schema[PredictedLabel], Hash))
            .Append<ITransformer>(ml.Transforms.DropColumns(Hash, OnnxNames.BestLabel));
    }

    // What comes out of ONNX is a vector for ML.NET, even a single name, but PredictedLabel must be a scalar. Hashing
    // is the one transformer that makes a scalar of a vector; a table then leads from the hash to the class.
    private static (HashingEstimator Hash, IDataView Table) ClassesByHash(MLContext ml, IReadOnlyList<string> classes)
    {
        var names = ml.Data.LoadFromEnumerable(classes.Select(name => new ClassName([name], name)));
        for (uint seed = 0; ; seed++)
        {
            var hash = ml.Transforms.Conversion.Hash(
                new HashingEstimator.ColumnOptions(Hash, OnnxNames.BestLabel, numberOfBits: 31, seed, combine: true));
            var table = hash.Append(ml.Transforms.Conversion.MapValueToKey(PredictedLabel)).Fit(names).Transform(names);
            var hashes = table.GetColumn<uint>(Hash).ToHashSet();
            if (hashes.Count == classes.Count) // else two classes have the same hash: another seed parts them
                return (hash, table);
        }
    }

    private static IDataView NoPictures(MLContext ml, string pixels, int size)
    {
        var schema = SchemaDefinition.Create(typeof(PixelsRow));
        var column = schema[nameof(PixelsRow.Pixels)];
        column.ColumnName = pixels;
        column.ColumnType = new VectorDataViewType(NumberDataViewType.Byte, size, size, 3);
        return ml.Data.LoadFromEnumerable<PixelsRow>([], schema);
    }

    private sealed class ClassName(string[] bestLabel, string predictedLabel)
    {
        [VectorType(1)]
        public string[] BestLabel { get; set; } = bestLabel;

        public string PredictedLabel { get; set; } = predictedLabel;
    }

    private sealed class PixelsRow
    {
        public byte[] Pixels { get; set; } = [];
    }
}
