namespace MlNetAlexNet.Images;

/// <summary>A picture that cannot be decoded whole.</summary>
/// <param name="Path">The file as it was given.</param>
/// <param name="Reason">The full message: the file, what is wrong and what to do.</param>
public sealed record BadImage(string Path, string Reason);
