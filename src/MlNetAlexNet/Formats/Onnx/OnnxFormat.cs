using MlNetAlexNet.Formats.Onnx.Graph;

namespace MlNetAlexNet.Formats.Onnx;

/// <summary>The row of ONNX.</summary>
internal static class OnnxFormat
{
    public static ModelFormat Row { get; } = new(
        "ONNX",
        [".onnx"],
        recognizes: look => OnnxSkeleton.Recognizes(look.Path),
        read: (path, _) => OnnxFile.Read(path),
        write: (content, path, _) =>
        {
            using var graph = OnnxFile.ToGraph(content);
            WholeFile.Write(path, graph.WriteTo);
        })
    {
        KeepsClasses = true,
        OpenGraph = OnnxFile.OpenGraph,
        ReadKept = OnnxFile.ReadKept,
        WriteGraph = (graph, path) => WholeFile.Write(path, graph.WriteTo),
    };
}
