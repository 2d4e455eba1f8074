namespace MlNetAlexNet.Formats.Safetensors;

/// <summary>The row of safetensors.</summary>
internal static class SafetensorsFormat
{
    public static ModelFormat Row { get; } = new(
        "safetensors",
        [".safetensors"],
        recognizes: look => SafetensorsHeader.Recognizes(look.Start.Span),
        read: (path, known) => SafetensorsFile.Read(path, known.Stack),
        write: (content, path, _) => SafetensorsFile.Write(content.Plan, content.Weights, path))
    {
        Stack = StackHeld.IfTorchvision,
    };
}
