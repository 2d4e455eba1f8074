namespace MlNetAlexNet.Formats.TensorFlowJs;

/// <summary>The row of TensorFlow.js.</summary>
internal static class TensorFlowJsFormat
{
    public static ModelFormat Row { get; } = new(
        "TensorFlow.js layers model",
        [".json"],
        recognizes: look => TensorFlowJsManifest.Recognizes(look.Start.Span),
        read: (path, _) => TensorFlowJsModel.Read(path) with { Origin = ModelOrigin.Keras },
        write: (content, path, overwrite) => TensorFlowJsModel.Write(content.Plan, content.Weights, path, overwrite));
}
