using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MlNetAlexNet.Formats.TensorFlowJs;

/// <summary>Files that hold one row of bytes together.</summary>
internal sealed class TensorFlowJsShards : IDisposable
{
    /// <summary>Bytes in a shard that is written: tensorflowjs_converter's 4 MB.</summary>
    public const int ShardBytes = 4 << 20;

    private readonly List<(SafeFileHandle File, long Length)> _files = [];

    /// <summary>Opens the files.</summary>
    public TensorFlowJsShards(IEnumerable<string> paths)
    {
        try
        {
            foreach (var path in paths)
            {
                var file = File.OpenHandle(path);
                _files.Add((file, RandomAccess.GetLength(file)));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Bytes in all of them.</summary>
    public long Length => _files.Sum(file => file.Length);

    /// <summary>The names of the shards of a model of that many bytes.</summary>
    /// <param name="prefix">What tells them from those of another model in the folder.</param>
    /// <param name="length">Bytes in all.</param>
    public static string[] Names(string prefix, long length)
    {
        var count = (int)Math.Max(1, (length + ShardBytes - 1) / ShardBytes);
        return [.. Enumerable.Range(1, count).Select(i => $"{prefix}group1-shard{i}of{count}.bin")];
    }

    /// <summary>Writes shards, none until all are whole.</summary>
    /// <param name="folder">Exists.</param>
    /// <param name="names">Of <see cref="Names"/>.</param>
    /// <param name="weights">Asked for one by one.</param>
    /// <param name="beforeMoving">Called when all are whole, before the first is at its place.</param>
    public static void Write(string folder, string[] names, IEnumerable<float[]> weights, Action beforeMoving)
    {
        var temporary = names.Select(name => UnfinishedFile.NameBeside(Path.GetFullPath(name, Path.GetFullPath(folder)))).ToArray();
        try
        {
            WriteInto(temporary, weights);
            beforeMoving();
            for (var i = 0; i < names.Length; i++)
                File.Move(temporary[i], Path.Combine(folder, names[i]), overwrite: true);
        }
        catch (Exception fault)
        {
            foreach (var file in temporary)
                File.Delete(file);
            if (fault is IOException or UnauthorizedAccessException)
                throw new AlexNetException($"The shards in '{folder}' cannot be written: {fault.Message}", fault);
            throw;
        }
    }

    /// <summary>Reads bytes that may lie in several files.</summary>
    public void Read(long start, Span<byte> target)
    {
        foreach (var (file, length) in _files)
        {
            while (start < length && target.Length > 0)
            {
                var read = RandomAccess.Read(file, target, start);
                if (read == 0)
                    throw new EndOfStreamException("A shard has become shorter.");
                target = target[read..];
                start += read;
            }

            start -= length;
        }
    }

    public void Dispose()
    {
        foreach (var (file, _) in _files)
            file.Dispose();
    }

    private static void WriteInto(string[] paths, IEnumerable<float[]> weights)
    {
        var shard = 0;
        var file = File.Create(paths[0]);
        try
        {
            foreach (var values in weights)
            {
                for (var bytes = MemoryMarshal.AsBytes(values.AsSpan()); bytes.Length > 0;)
                {
                    if (file.Position == ShardBytes)
                    {
                        file.Dispose();
                        file = File.Create(paths[++shard]);
                    }

                    var fitting = Math.Min(bytes.Length, ShardBytes - (int)file.Position);
                    file.Write(bytes[..fitting]);
                    bytes = bytes[fitting..];
                }
            }
        }
        finally
        {
            file.Dispose();
        }
    }
}
