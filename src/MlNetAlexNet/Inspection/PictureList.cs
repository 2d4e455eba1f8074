using System.Text;
using MlNetAlexNet.Formats;

namespace MlNetAlexNet.Inspection;

/// <summary>
/// A list of pictures in a file: a path on each line, from their folder on, with <c>/</c> between names; UTF-8, lines end in a
/// line feed, nothing is trimmed.
/// </summary>
public static class PictureList
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes the list: whole, or not at all.</summary>
    /// <exception cref="AlexNetException">A path cannot stand on a line, or the file cannot be written.</exception>
    public static void Write(string path, IEnumerable<string> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        WholeFile.Write(path, file =>
        {
            using var text = new StreamWriter(file, s_strict, leaveOpen: true) { NewLine = "\n" };
            foreach (var picture in pictures)
            {
                RequireALine(picture);
                text.WriteLine(picture);
            }
        });
    }

    /// <summary>Reads a list.</summary>
    /// <exception cref="AlexNetException">The file is missing, is no text in UTF-8, or names no picture.</exception>
    public static IReadOnlySet<string> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            var pictures = ReadLines(path).ToHashSet(StringComparer.Ordinal);
            return pictures.Count > 0 ? pictures : throw new AlexNetException($"The list '{path}' names no picture.");
        }
        catch (DecoderFallbackException fault)
        {
            throw new AlexNetException($"The list '{path}' is no text in UTF-8. Write it anew.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException($"The list '{path}' cannot be read: {fault.Message}", fault);
        }
    }

    // Not File.ReadLines, for which a carriage return ends a line, too. One at an end is that of an editor on Windows.
    private static IEnumerable<string> ReadLines(string path)
    {
        var text = s_strict.GetString(File.ReadAllBytes(path));
        return text.TrimStart('\uFEFF').Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0);
    }

    private static void RequireALine(string picture)
    {
        if (picture.AsSpan().IndexOfAny('\r', '\n') >= 0)
            throw new AlexNetException($"'{picture.ReplaceLineEndings("\\n")}' cannot be in a list: its name has a line break. Rename it.");

        try
        {
            s_strict.GetByteCount(picture);
        }
        catch (EncoderFallbackException fault)
        {
            throw new AlexNetException($"'{picture}' cannot be in a list: its name is no text in Unicode. Rename it.", fault);
        }
    }
}
