namespace MlNetAlexNet.Cli;

/// <summary>The value of <c>--classes</c>: names with commas between them, or a file with one on each line.</summary>
internal static class ClassNamesFlag
{
    /// <exception cref="AlexNetException">It is neither, or a file that cannot be read.</exception>
    public static IReadOnlyList<string> Read(string value)
    {
        if (Path.Exists(value))
            return [.. ModelFlags.ReadText(value, "class names").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

        string[] names = [.. value.Split(',').Select(name => name.Trim())];
        return names.Length > 1 && names.All(name => name.Length > 0)
            ? names
            : throw new AlexNetException($"--classes '{value}' cannot be read: it is neither a file with a class name on each line, nor a list such as cat,dog.");
    }
}
