using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Onnx;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.ModelZips;

/// <summary>
/// Writes model zips, whole or not at all: ML.NET's own stages, saved around a network of a few weights with the same
/// ends, and then the network, streamed into its place as it is. ML.NET would read it into memory and deflate it, which
/// takes most of the time of saving and loading and saves a fourteenth of the size; stored, it reads it all the same.
/// </summary>
internal static class ModelZipWriter
{
    /// <summary>Writes a pipeline around a graph: label to key, picture to pixels, the graph, prediction to name.</summary>
    /// <param name="model">What goes into the graph and comes out of it.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="path">The zip.</param>
    /// <exception cref="AlexNetException">The place cannot be written to.</exception>
    public static void Write(TrainedModel model, ScoringGraph graph, string path) => WholeFile.Write(path, file =>
    {
        var ml = new MLContext(seed: 1);
        using var stages = new MemoryStream();
        var standIn = ScoringChain.CreateSmall(model.Classes, model.TopK, model.Preprocessing.Form);
        using (var pipeline = Create(ml, standIn))
            ml.Model.Save(new TransformerChain<ITransformer>([.. ModelZip.Flatten(pipeline)]), ml.Data.LoadFromEnumerable<LabeledImage>([]).Schema, stages);
        Write(stages, graph, file);
    });

    /// <summary>Writes a fitted pipeline with one network that training gave; any other is left to ML.NET.</summary>
    /// <exception cref="AlexNetException">The place cannot be written to.</exception>
    public static void Write(MLContext ml, ITransformer model, DataViewSchema input, string path)
    {
        if (ModelZip.Flatten(model).Where(stage => stage is OnnxTransformer).ToList() is not [var network]
            || TemporaryModelFile.Find(network) is not { } own)
        {
            WholeFile.Make(path, unfinished => ml.Model.Save(model, input, unfinished));
            return;
        }

        WholeFile.Write(path, file =>
        {
            using var small = new TemporaryModelFile(ml.TempFilePath, own.Pixels);
            using var standIn = ScoringChain.CreateStandIn(ml, small);
            using var graph = ScoringGraph.Open(File.OpenRead(own.Path));
            using var stages = new MemoryStream();
            var exchanged = ModelZip.Flatten(model).Select(stage => stage == network ? standIn : stage);
            ml.Model.Save(new TransformerChain<ITransformer>([.. exchanged]), input, stages);
            Write(stages, graph, file);
        });
    }

    /// <summary>Writes a zip like another with another network, whose columns are the same.</summary>
    /// <exception cref="AlexNetException">The zip has not one network, or the place cannot be written to.</exception>
    public static void Write(string zip, ScoringGraph graph, string path)
    {
        // The stages in memory, so that a fault of the one file is not told as the other's.
        using var stages = FileReading.Read(zip, ModelZip.Kind, source => CopyStages(source));
        WholeFile.Write(path, file => Write(stages, graph, file));
    }

    private static MemoryStream CopyStages(Stream zip)
    {
        var stages = new MemoryStream();
        using var empty = new ScoringGraph(0, _ => { });
        Write(zip, empty, stages);
        stages.Position = 0;
        return stages;
    }

    private static void Write(Stream stages, ScoringGraph graph, Stream zip)
    {
        using var source = new ZipArchive(stages, ZipArchiveMode.Read, leaveOpen: true);
        var network = ModelZipReader.NetworkOf(source);
        using var target = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var entry in source.Entries)
        {
            var copy = target.CreateEntry(
                entry.FullName, entry == network ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
            copy.LastWriteTime = entry.LastWriteTime;
            using var to = copy.Open();
            if (entry == network)
            {
                var length = new byte[sizeof(int)];
                BinaryPrimitives.WriteInt32LittleEndian(length, checked((int)graph.Length));
                to.Write(length);
                graph.WriteTo(to);
            }
            else
            {
                using var from = entry.Open();
                from.CopyTo(to);
            }
        }
    }

    private static TransformerChain<KeyToValueMappingTransformer> Create(MLContext ml, TrainedModel model)
    {
        var pictures = ml.Data.LoadFromEnumerable<LabeledImage>([]);
        var classes = ml.Data.LoadFromEnumerable(model.Classes.Select(name => new ClassName(name)));
        var scoring = ml.Transforms.Conversion.MapValueToKey("Label", keyData: classes)
            .Append(ml.Transforms.LoadPixels(model.Preprocessing.ImageSize, model.Preprocessing.ResizeMode))
            .Fit(pictures)
            .Append(ScoringChain.Create(ml, model));
        var names = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scoring.Transform(pictures));
        return scoring.Append(names);
    }

    private sealed record ClassName(string Label);
}
