using System.Globalization;
using Google.Protobuf;
using Onnx;

namespace MlNetAlexNet.Formats.Onnx.Graph;

/// <summary>
/// Weights in files beside the graph's (onnx/docs/ExternalData.md). The place is a path in the graph's folder; one that
/// leads out of it is refused.
/// </summary>
internal sealed class ExternalData(string graphPath)
{
    private readonly string _folder = FolderOf(Path.GetFullPath(graphPath));
    private readonly HashSet<string> _seen = [];

    /// <summary>Where the tensor's numbers are; null if they are in the graph itself.</summary>
    public Place? Find(TensorProto tensor)
    {
        if (tensor.DataLocation != TensorProto.Types.DataLocation.External)
            return null;

        var location = Entry(tensor, "location") ?? throw Refused(tensor, "does not say in which file its numbers are");
        if (location.Contains('\0', StringComparison.Ordinal))
            throw Refused(tensor, "has its numbers in a file whose name has a NUL");

        var path = Path.GetFullPath(location, _folder);
        if (Path.IsPathRooted(location) || !IsIn(_folder, path) || (File.Exists(path) && LeadsOut(path)))
            throw Refused(tensor, $"has its numbers in '{location}', outside the folder of the graph");

        if (!File.Exists(path))
            throw Refused(tensor, $"has its numbers in '{location}', which is not there. Keep the files together");

        var offset = Number(tensor, "offset") ?? 0;
        var newBytes = _seen.Add(path) ? new FileInfo(path).Length : 0;
        return new Place(path, location, tensor, offset, Number(tensor, "length"), newBytes);
    }

    // Through a link, in its own name or that of a folder on the way to it. A graph that is a link itself, as in the cache
    // of Hugging Face, may have its weights where it really is.
    private bool LeadsOut(string path)
    {
        for (var part = path; part.Length > _folder.Length; part = FolderOf(part))
        {
            if (File.ResolveLinkTarget(part, returnFinalTarget: true) is { } target && !IsIn(_folder, target.FullName)
                && !(File.ResolveLinkTarget(graphPath, returnFinalTarget: true) is { } graph
                    && IsIn(FolderOf(graph.FullName), target.FullName)))
            {
                return true;
            }
        }

        return false;
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(path) ?? path;

    private static bool IsIn(string folder, string path) => path.StartsWith(
        folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal); // the root ends in one

    private static string? Entry(TensorProto tensor, string key) =>
        tensor.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;

    private static long? Number(TensorProto tensor, string key) => Entry(tensor, key) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Refused(tensor, $"has the {key} '{text}', which is no number of bytes");

    private static AlexNetException Refused(TensorProto tensor, string why) => new($"its weight '{tensor.Name}' {why}.");

    /// <summary>A part of a file; NewBytes is the length of the file if this is the first tensor in it, else 0.</summary>
    internal sealed record Place(
        string Path, string Location, TensorProto Tensor, long Offset, long? Length, long NewBytes)
    {
        /// <summary>Reads the bytes, which must be told how many they are, into the tensor.</summary>
        public void PutInto(TensorProto tensor)
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read);
            if (Length is not { } length || length > Array.MaxLength || Offset > file.Length || file.Length - Offset < length)
                throw Refused(tensor, $"has {Length} bytes from byte {Offset} on, which '{Location}' does not hold");

            var bytes = new byte[length];
            file.Position = Offset;
            file.ReadExactly(bytes);
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
            tensor.ExternalData.Clear();
            tensor.DataLocation = TensorProto.Types.DataLocation.Default;
        }

        public float[] Read(NumberFormat format, int count)
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read);
            var bytes = (long)count * format.Bytes;
            if ((Length ?? bytes) != bytes || Offset > file.Length || file.Length - Offset < bytes)
            {
                throw Refused(Tensor, $"has {count} numbers, which bytes {Offset} and on of '{Location}' do not hold");
            }

            file.Position = Offset;
            return format.Read(file, count);
        }
    }
}
