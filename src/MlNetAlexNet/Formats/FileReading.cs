using System.Reflection;

namespace MlNetAlexNet.Formats;

/// <summary>Makes one error that names the file of whatever goes wrong as it is read.</summary>
internal static class FileReading
{
    /// <summary>Opens the file and reads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What it should be, such as <c>a safetensors file</c>.</param>
    /// <param name="read">Takes the open file; it may throw what damaged data makes the system throw.</param>
    /// <exception cref="AlexNetException">The file is missing, cannot be opened, or is not of that kind.</exception>
    public static T Read<T>(string path, string kind, Func<FileStream, T> read) => Read(path, kind, () =>
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        return read(file);
    });

    /// <summary>Reads a file that <paramref name="read"/> opens itself.</summary>
    /// <inheritdoc cref="Read{T}(string, string, Func{FileStream, T})"/>
    /// <param name="path">The file.</param>
    /// <param name="kind">What it should be.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="otherOptions">
    /// The <see cref="AlexNetException.Option"/> of faults that are not the file's. Default: there is none.
    /// </param>
    public static T Read<T>(string path, string kind, Func<T> read, params IReadOnlyList<string> otherOptions)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            return read();
        }
        catch (Exception fault) when (IsExpected(fault) && !IsNamed(fault, path)
            && (OptionOf(fault) is not { } option || !otherOptions.Contains(option)))
        {
            throw new AlexNetException(Refusal(path, kind, fault), fault) { Option = OptionOf(fault) };
        }
    }

    /// <summary>
    /// For readers that check little of what they read, as ML.NET, ONNX Runtime and that of our own graphs: whatever
    /// one throws means that the data is damaged, or another program's.
    /// </summary>
    /// <exception cref="InvalidDataException">Says so, with the reader's reason.</exception>
    public static T ReadUnchecked<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is not AlexNetException && !IsOfTheSystem(fault)
            && fault.GetBaseException() is not DllNotFoundException) // that is the app's fault
        {
            var reason = fault is TargetInvocationException { InnerException: { } inner } ? inner : fault;
            throw new InvalidDataException(
                $"it was changed or damaged, or is another program's ({reason.Message.TrimEnd('.')}). "
                + "Use the file as it was written.",
                fault);
        }
    }

    private static bool IsExpected(Exception fault) =>
        fault is AlexNetException or InvalidDataException || IsOfTheSystem(fault);

    // Said already by a reader within.
    private static bool IsNamed(Exception fault, string path) =>
        fault is AlexNetException && fault.Message.Contains($"'{path}'", StringComparison.Ordinal);

    private static string? OptionOf(Exception fault) => (fault as AlexNetException)?.Option;

    private static bool IsOfTheSystem(Exception fault) =>
        fault is IOException or UnauthorizedAccessException or OutOfMemoryException;

    private static string Refusal(string path, string kind, Exception fault) => fault switch
    {
        FileNotFoundException or DirectoryNotFoundException when !File.Exists(path) =>
            $"The file '{path}' does not exist.",
        UnauthorizedAccessException when Directory.Exists(path) =>
            File.Exists(Path.Combine(path, "model.zip"))
                ? $"'{path}' is a folder; give the model in it, '{Path.Combine(path, "model.zip")}'."
                : $"'{path}' is a folder, and a model is a file, such as the model.zip of a run folder or model.json.",
        EndOfStreamException => $"'{path}' cannot be read as {kind}: it is cut short.",
        AlexNetException or InvalidDataException =>
            $"'{path}' cannot be read as {kind}: {fault.Message.TrimEnd('.')}.",
        _ => $"The file '{path}' cannot be read: {fault.Message}",
    };
}
