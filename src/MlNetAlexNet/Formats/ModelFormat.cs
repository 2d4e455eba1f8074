namespace MlNetAlexNet.Formats;

/// <summary>Whether the files of a format say themselves what stack their weights belong to.</summary>
public enum StackHeld
{
    /// <summary>They do.</summary>
    Always,

    /// <summary>They do not: the stack is given to read them.</summary>
    Never,

    /// <summary>Where it is laid out as torchvision's AlexNet, as its names then tell.</summary>
    IfTorchvision,
}

/// <summary>
/// A kind of file that a model can be in: a row of <c>ModelFile.Formats</c>. A file is read by what it contains,
/// whatever it is called, and written by what its name ends in.
/// </summary>
public sealed class ModelFormat
{
    /// <param name="name">As <see cref="Name"/>.</param>
    /// <param name="endings">As <see cref="Endings"/>.</param>
    /// <param name="recognizes">Whether a file that looks so is of this format.</param>
    /// <param name="read">
    /// Reads a file, given its path and what is known of it. Throws an <see cref="AlexNetException"/> that names the file.
    /// </param>
    /// <param name="write">
    /// Writes to a path what such a file can hold of a model; the last argument says whether files beside it may be
    /// replaced, too.
    /// </param>
    internal ModelFormat(
        string name,
        IReadOnlyList<string> endings,
        Func<FileLook, bool> recognizes,
        Func<string, KnownOfModel, ModelFileContent> read,
        Action<ModelFileContent, string, bool> write) =>
        (Name, Endings, Recognizes, Read, Write) = (name, endings, recognizes, read, write);

    /// <summary>What it is, in the words of its framework.</summary>
    public string Name { get; }

    /// <summary>What names of such files end in: lower case, with the dot, the usual one first.</summary>
    public IReadOnlyList<string> Endings { get; }

    /// <summary>Whether such a file holds the stack. Default always.</summary>
    public StackHeld Stack { get; internal init; }

    /// <summary>Whether such a file, written here, holds class names and normalization, too. Default false.</summary>
    public bool KeepsClasses { get; internal init; }

    /// <summary>
    /// Whether such a file is written with the <see cref="ModelFileContent.Normalization"/> as a layer of its own. Default
    /// false: it has no such layers.
    /// </summary>
    internal bool EmbedsNormalization { get; init; }

    internal Func<FileLook, bool> Recognizes { get; }

    internal Func<string, KnownOfModel, ModelFileContent> Read { get; }

    internal Action<ModelFileContent, string, bool> Write { get; }

    /// <summary>
    /// Opens the graph that scores in a file of that path; null if there is none in it. Default null: there never is.
    /// </summary>
    internal Func<string, ScoringGraph?>? OpenGraph { get; init; }

    /// <summary>
    /// Reads a network of another program that can be scored as it is and nothing else; null if the file holds none such.
    /// Default null: there never is.
    /// </summary>
    internal Func<string, ModelFileContent?>? ReadKept { get; init; }

    /// <summary>Writes a graph that scores as it is to a path. Default null: such a file is no such graph.</summary>
    internal Action<ScoringGraph, string>? WriteGraph { get; init; }

    /// <summary>The endings and the name, such as <c>.pth, .pt (PyTorch state dict)</c>.</summary>
    public override string ToString() => $"{string.Join(", ", Endings)} ({Name})";
}
