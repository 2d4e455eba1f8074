namespace MlNetAlexNet.Inspection;

/// <summary>How much pictures are alike.</summary>
public enum Likeness
{
    /// <summary>Their files are the same, byte for byte.</summary>
    SameFile,

    /// <summary>Their files differ, such as in compression or metadata; decoded they are the same to the last pixel.</summary>
    SamePixels,

    /// <summary>
    /// They look the same: scaled, compressed, brightened, or cut a little at their borders. It is found by what 256 low frequencies
    /// and 16 colours say, so it can be wrong.
    /// </summary>
    Near,
}
