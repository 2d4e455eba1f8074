using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx;

namespace MlNetAlexNet.ModelZips;

/// <summary>The row of the model zip.</summary>
internal static class ModelZipFormat
{
    public static ModelFormat Row { get; } = new(
        "model zip",
        [".zip"],
        recognizes: look => ModelZipReader.Recognizes(look.ZipEntries),
        read: (path, _) =>
        {
            ModelZipReader.RequireOwnStages(path);
            return ModelFileContent.Of(ModelZip.Read(path));
        },
        write: (content, path, _) =>
        {
            using var graph = OnnxFile.ToGraph(content);
            ModelZipWriter.Write(content.Model, graph, path);
        })
    {
        KeepsClasses = true,
        OpenGraph = ModelZipReader.OpenGraph,
    };
}
