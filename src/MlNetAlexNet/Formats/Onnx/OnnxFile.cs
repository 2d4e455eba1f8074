using MlNetAlexNet.Formats.Onnx.Foreign;
using MlNetAlexNet.Formats.Onnx.Graph;
using MlNetAlexNet.Formats.Onnx.Kept;
using MlNetAlexNet.Formats.Onnx.Own;
using MlNetAlexNet.Models;
using Onnx;

namespace MlNetAlexNet.Formats.Onnx;

/// <summary>
/// ONNX files (https://onnx.ai/onnx/operators): this library's own, and any other chain of the layers it knows, such as
/// PyTorch's two exporters and TensorFlow's converter write.
/// </summary>
public static class OnnxFile
{
    private const string Kind = "an ONNX model";

    /// <summary>
    /// Reads the stack and its weights, as 32 bits. Layers of foreign graphs get Keras' automatic names, constants that
    /// are added to a picture or multiplied with it before the first layer are its
    /// <see cref="ModelFileContent.Normalization"/>, and a graph that ends in logits gives a stack that ends in logits.
    /// Weights may be in files beside it, as <c>torch.onnx.export</c> puts them.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="AlexNetException">
    /// The file is missing or no ONNX model, a weight is missing, or a node is not one of a chain of known layers; the
    /// node and its operator are named.
    /// </exception>
    public static ModelFileContent Read(string path) => FileReading.Read(path, Kind, file =>
    {
        var model = OnnxSkeleton.Parse(file);
        return model.Graph is null ? throw new AlexNetException("it has no graph.")
            : IsOwn(model) ? ModelFileContent.Of(ReadOwn(model, path, out _))
            : KeptNetwork.Recognizes(model.Graph) ? throw new AlexNetException(
                "its network is quantized to 8 bits, from which its weights do not come back. It is scored as it is, and "
                + "written so into a model zip or an ONNX file of this library; for anything else give the 32-bit network it was made from.")
            : ForeignStack.Read(model, new ForeignConstants(model.Graph, path));
    });

    /// <summary>The graph that scores a whole model.</summary>
    internal static ScoringGraph ToGraph(ModelFileContent content) =>
        content.Wrap is { } wrap ? wrap(content.Model) : OnnxExport.Create(content.Model);

    /// <summary>
    /// Writes this library's own file with every batch normalization as it is, to be trained on; the file is whole or not
    /// there.
    /// </summary>
    /// <exception cref="AlexNetException">The place cannot be written to.</exception>
    internal static void WriteUnfolded(TrainedModel model, string path)
    {
        using var graph = OnnxExport.Create(model, folds: false);
        WholeFile.Write(path, graph.WriteTo);
    }

    /// <summary>Another program's network of 8 bits with the stack around it; null if the file holds none.</summary>
    internal static ModelFileContent? ReadKept(string path) => FileReading.Read(path, Kind, file =>
    {
        var skeleton = OnnxSkeleton.Parse(file);
        if (skeleton.Graph is not { } graph || IsOwn(skeleton) || !KeptNetwork.Recognizes(graph))
            return null;

        var weights = new ExternalData(path);
        long bytesLeft = 0;
        foreach (var tensor in graph.Initializer)
        {
            if (weights.Find(tensor) is not { } place)
                continue;

            bytesLeft += place.NewBytes - (place.Length ?? 0);
            if (bytesLeft < 0)
                throw new AlexNetException("its weights together have more bytes than its files hold.");
            place.PutInto(tensor);
        }

        return KeptNetwork.Read(skeleton, path);
    });

    /// <summary>The graph in a file, which stays open; null if another program wrote it.</summary>
    internal static ScoringGraph? OpenGraph(string path) => FileReading.Read(path, Kind, () =>
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            if (OnnxSkeleton.Parse(file) is { Graph: not null } model && IsOwn(model))
                return ScoringGraph.Open(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        file.Dispose();
        return null;
    });

    /// <summary>Reads this library's own file with the name of its input; weights go straight into their arrays.</summary>
    /// <exception cref="AlexNetException">It is another program's; the message does not name the file.</exception>
    /// <exception cref="InvalidDataException">It is damaged; nor does this.</exception>
    internal static TrainedModel ReadOwn(string path, out string pixels)
    {
        using var file = File.OpenRead(path);
        return ReadOwn(OnnxSkeleton.Parse(file), path, out pixels);
    }

    private static bool IsOwn(ModelProto model) => model.ProducerName == OnnxExport.Producer;

    // Our own graphs are read back as they were written; a changed one can make that trip over anything.
    private static TrainedModel ReadOwn(ModelProto model, string path, out string pixels)
    {
        (var trained, pixels) = FileReading.ReadUnchecked(() =>
        {
            TakeWeights(model, path);
            return (OnnxImport.Read(model, out var input), input);
        });
        return trained;
    }

    private static void TakeWeights(ModelProto model, string path)
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
            tensor.RawData = FloatBytes.Of(place.Read(NumberFormat.Float32, (int)(length / sizeof(float))));
        }
    }
}
