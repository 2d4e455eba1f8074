namespace MlNetAlexNet;

/// <summary>
/// Something the caller gave cannot work: a path, an option, a layer stack, a picture, a file. The message says what
/// is wrong, which value it was, what is allowed and what to do. Any other exception type is a defect of this library.
/// </summary>
public sealed class AlexNetException : Exception
{
    /// <summary>Creates the exception with the message shown to the user.</summary>
    public AlexNetException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with the message shown to the user and the error behind it.</summary>
    public AlexNetException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>
    /// The option that would have allowed it, as the property is called that sets it, such as <c>Overwrite</c>; the
    /// message names it, too. Where one value would have, it stands behind a point: <c>Views.Middle</c>. Default null: there is none.
    /// </summary>
    public string? Option { get; init; }

    /// <summary>What is wrong with a picture that cannot be decoded; null where the fault is another one.</summary>
    internal PictureFault? PictureFault { get; init; }
}
