namespace MlNetAlexNet.Formats.PyTorch;

/// <summary>The row of PyTorch's state dicts.</summary>
internal static class PyTorchFormat
{
    public static ModelFormat Row { get; } = new(
        "PyTorch state dict",
        [".pth", ".pt"],
        recognizes: look => TorchZipFile.Recognizes(look.ZipEntries) || TorchLegacyFile.Recognizes(look.Start.Span),
        read: (path, known) => PyTorchFile.Read(path, known.Stack),
        write: (content, path, _) => PyTorchFile.Write(content.Plan, content.Weights, path))
    {
        Stack = StackHeld.IfTorchvision,
    };
}
