using MlNetAlexNet.Formats.Onnx.Foreign;
using MlNetAlexNet.Models;
using Onnx;

namespace MlNetAlexNet.Formats.Onnx;

/// <summary>
/// ONNX files (https://onnx.ai/onnx/operators): this library's own, and any other chain of the layers it knows, such as
/// PyTorch's two exporters write.
/// </summary>
public static class OnnxFile
{
    private const string Kind = "an ONNX model";

    /// <summary>
    /// Reads the stack and its 32-bit weights. Layers of foreign graphs get Keras' automatic names, batch normalization
    /// is worked into the layer before it, and a graph that ends in logits gives a stack that ends in logits. Weights
    /// may be in files beside it, as <c>torch.onnx.export</c> puts them.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="AlexNetException">
    /// The file is missing or no ONNX model, a weight is missing, or a node is not one of a chain of known layers; the
    /// node and its operator are named.
    /// </exception>
    public static ImportedModel Read(string path) => Open(path).Network;

    /// <summary>Reads the network, and of this library's own files the whole model.</summary>
    internal static (ImportedModel Network, TrainedModel? Own) Open(string path) => ForeignFile.Read(path, Kind, file =>
    {
        var model = OnnxSkeleton.Parse(file);
        if (model.Graph is null)
            throw new AlexNetException("it has no graph.");

        if (model.ProducerName != OnnxExport.Producer)
            return (ForeignStack.Read(model.Graph, new ForeignConstants(model.Graph, path)), (TrainedModel?)null);

        var own = ReadOwn(model, path, out _);
        return (new ImportedModel(own.Plan, own.Weights, Ignored: []), own);
    });

    /// <summary>The file itself if it is this library's and computes in 8 bits; else null.</summary>
    internal static byte[]? ReadQuantized(string path) => ForeignFile.Read(path, Kind, file =>
    {
        var model = OnnxSkeleton.Parse(file);
        if (model.Graph is null || model.ProducerName != OnnxExport.Producer || !OnnxGraphReader.HasQuantized(model.Graph))
            return null;

        file.Position = 0;
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    });

    /// <summary>Reads this library's own file with the name of its input; weights go straight into their arrays.</summary>
    /// <exception cref="AlexNetException">It is another program's, or damaged; the message does not name the file.</exception>
    internal static TrainedModel ReadOwn(string path, out string pixels)
    {
        using var file = File.OpenRead(path);
        return ReadOwn(OnnxSkeleton.Parse(file), path, out pixels);
    }

    private static TrainedModel ReadOwn(ModelProto model, string path, out string pixels)
    {
        try
        {
            var weights = new ExternalData(path);
            long bytesLeft = 0;
            foreach (var tensor in model.Graph?.Initializer ?? [])
            {
                if (tensor.DataType != (int)TensorProto.Types.DataType.Float || weights.Find(tensor) is not { } place)
                    continue;

                var length = place.Length ?? 0;
                bytesLeft += place.NewBytes - length;
                if (bytesLeft < 0)
                    throw new AlexNetException("its weights together have more values than the file holds.");
                tensor.RawData = FloatBytes.Of(place.Read((int)(length / sizeof(float))));
            }

            return OnnxImport.Read(model, out pixels);
        }
        catch (Exception fault) when (fault is not (AlexNetException or OutOfMemoryException))
        {
            // Our own graphs are read back as they were written; a changed one can make that trip over anything.
            throw new AlexNetException("it was changed or damaged after this library wrote it.", fault);
        }
    }
}
