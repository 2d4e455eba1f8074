using System.Runtime.CompilerServices;
using MlNetAlexNet.Formats;

namespace MlNetAlexNet.ModelZips;

/// <summary>
/// The file that ML.NET's ONNX transformer reads its network from, and reads once more whenever it is saved
/// (OnnxTransform.cs, <c>SaveModel</c>): it has to live as long as the transformer and goes with it, at the latest when
/// the process ends.
/// </summary>
internal sealed class TemporaryModelFile : IDisposable
{
    private static readonly ConditionalWeakTable<object, TemporaryModelFile> Owners = [];

    /// <param name="folder">Where to make it.</param>
    /// <param name="pixels">Name of the network's input.</param>
    public TemporaryModelFile(string folder, string pixels)
    {
        Pixels = pixels;
        Path = TemporaryFiles.NewPath(".onnx", folder);
    }

    ~TemporaryModelFile()
    {
        if (Path is not null) // a constructor that throws is finalized, too
            Dispose();
    }

    public string Path { get; }

    public string Pixels { get; }

    /// <summary>The file of a transformer; null if it is none of <see cref="ScoringChain"/>'s.</summary>
    public static TemporaryModelFile? Find(object owner) => Owners.TryGetValue(owner, out var file) ? file : null;

    /// <summary>From now on the file lives as long as <paramref name="owner"/>.</summary>
    public void KeepFor(object owner) => Owners.Add(owner, this);

    public void Dispose()
    {
        Delete(Path);
        GC.SuppressFinalize(this);
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Windows keeps a file that is still open; it goes with the folder of the process.
        }
    }
}
