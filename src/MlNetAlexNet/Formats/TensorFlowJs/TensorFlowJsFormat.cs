namespace MlNetAlexNet.Formats.TensorFlowJs;

/// <summary>The row of TensorFlow.js.</summary>
internal static class TensorFlowJsFormat
{
    public static ModelFormat Row { get; } = new(
        "TensorFlow.js layers model",
        [".json"],
        recognizes: look => TensorFlowJsManifest.Recognizes(look.Start.Span),
        read: (path, known) => TensorFlowJsModel.Read(path, known.CustomLayers),
        write: TensorFlowJsModel.Write)
    {
        EmbedsNormalization = true,
    };
}
