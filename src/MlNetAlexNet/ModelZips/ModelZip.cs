using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Onnx;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.ModelZips;

/// <summary>The ML.NET model zip that training gives: Microsoft's own transformers, the network one of them.</summary>
public static class ModelZip
{
    /// <summary>What a file should be that is read as one.</summary>
    internal const string Kind = "a model zip of this library";

    /// <summary>What model zips are among the kinds of file.</summary>
    public static ModelFormat Format => ModelZipFormat.Row;

    /// <summary>
    /// Saves the model as <c>ml.Model.Save</c> does, but whole or not at all: what stood at <paramref name="path"/>
    /// stays until the new zip is complete. Folders are created. A network that training gave is copied into the zip
    /// as it is, in the time that writing its bytes takes; ML.NET reads it into memory and compresses it, which takes
    /// twenty times as long for AlexNet (tests/Benchmarks, <c>save</c>) and saves a fourteenth. A model that was loaded
    /// from a zip, or has one more ONNX network, is saved by ML.NET.
    /// </summary>
    /// <remarks>
    /// The zip is one chain of stages, whatever chains they were in. The stage that makes keys of labels is for <c>Evaluate</c>;
    /// ML.NET's <c>PredictionEngine</c> wants its column, too. An app that has no labels leaves the stage out:
    /// <see cref="ForScoring"/>, or <c>Skip(1)</c> of the chain that <c>ml.Model.Load</c> gives, where it is the first. A scope of
    /// <c>TrainTest</c> would not do: <c>Transform</c> leaves out all that is not for scoring.
    /// </remarks>
    /// <param name="ml">The context of the model.</param>
    /// <param name="model">A fitted pipeline.</param>
    /// <param name="input">The schema of the data it was fitted on.</param>
    /// <param name="path">The zip to write.</param>
    /// <exception cref="AlexNetException">The place cannot be written to.</exception>
    public static void Save(MLContext ml, ITransformer model, DataViewSchema input, string path)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ModelZipWriter.Write(ml, model, input, path);
    }

    /// <summary>
    /// Loads a model zip as <c>ml.Model.Load</c> does. The caller disposes it as <see cref="IDisposable"/>: until then
    /// ML.NET keeps the network, 233 MB for AlexNet, in a temporary file as well, and leaves it there if it is not.
    /// </summary>
    /// <exception cref="AlexNetException">The file is missing or no model zip.</exception>
    public static ITransformer Load(MLContext ml, string path)
    {
        ArgumentNullException.ThrowIfNull(ml);
        return FileReading.Read(path, Kind, () =>
        {
            using (var zip = ModelZipReader.Open(path))
                ModelZipReader.RequireNetwork(zip);

            return FileReading.ReadUnchecked(() => ml.Model.Load(path, out _));
        });
    }

    /// <summary>
    /// Reads the network out of a model zip: what further training starts from. Stages of the user's own that are not those
    /// of <c>LoadPixels</c> are not in it.
    /// </summary>
    /// <exception cref="AlexNetException">The file is missing, no model zip, or not of this library.</exception>
    public static TrainedModel Read(string path) => Read(path, out _);

    /// <inheritdoc cref="Read(string)"/>
    /// <param name="path">The zip.</param>
    /// <param name="pixels">Name of the column of pixels.</param>
    internal static TrainedModel Read(string path, out string pixels)
    {
        (var model, pixels) = FileReading.Read(path, Kind, () =>
        {
            // By way of a file: a parser of the whole network makes copies of it that one can do without.
            var onnx = TemporaryFiles.NewPath();
            try
            {
                using (var graph = ModelZipReader.OpenGraph(path))
                using (var file = File.Create(onnx))
                    graph.WriteTo(file);

                var network = OnnxFile.ReadOwn(onnx, out var name);
                using var zip = ModelZipReader.Open(path);
                return (ModelZipReader.FindForm(zip) is { } stages ? network.WithResizeMode(stages.Mode) : network, name);
            }
            finally
            {
                File.Delete(onnx);
            }
        });
        return model;
    }

    /// <summary>
    /// The model for who has no labels: it takes a column <c>ImagePath</c> alone, so that the rows of a <c>PredictionEngine</c> need
    /// no <c>Label</c>.
    /// </summary>
    /// <param name="model">A fitted or loaded pipeline. The two share the network.</param>
    public static ITransformer ForScoring(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new TransformerChain<ITransformer>([.. WithoutLabel(model)]);
    }

    /// <summary>
    /// The model for pictures in memory: instead of <c>ImagePath</c> it takes a column <c>Image</c> of
    /// <see cref="MLImage"/>, upright and of any size. It has no <c>Label</c>.
    /// </summary>
    /// <param name="model">A fitted or loaded pipeline with <c>LoadPixels</c>. The two share the network.</param>
    /// <exception cref="AlexNetException">The model does not load pictures from files.</exception>
    public static ITransformer ForImagesInMemory(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var stages = WithoutLabel(model).ToList();
        if (stages.RemoveAll(stage => stage is ImageLoadingTransformer) == 0)
            throw new AlexNetException("The model has no stage that loads pictures from files to leave out.");

        return new TransformerChain<ITransformer>([.. stages]);
    }

    // Keys before the network are made of the label: what the network gives is mapped by hashes (ScoringChain).
    private static IEnumerable<ITransformer> WithoutLabel(ITransformer model)
    {
        var isBefore = true;
        foreach (var stage in Flatten(model))
        {
            isBefore &= stage is not OnnxTransformer;
            if (!isBefore || stage is not ValueToKeyMappingTransformer)
                yield return stage;
        }
    }

    /// <summary>The stages of a pipeline as they are in a zip, those of the chains in it too.</summary>
    internal static IEnumerable<ITransformer> Flatten(ITransformer model) => model switch
    {
        IEnumerable<ITransformer> chain => chain.SelectMany(Flatten),
        PixelLoadingTransformer pixels => Flatten(pixels.Stock),
        _ => [model],
    };
}
