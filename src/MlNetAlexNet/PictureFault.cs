namespace MlNetAlexNet;

/// <summary>Why a picture cannot be decoded, in a word that a program can tell from the others.</summary>
internal enum PictureFault
{
    /// <summary>The file is missing, locked or not allowed.</summary>
    Unreadable,

    /// <summary>It has no bytes.</summary>
    Empty,

    /// <summary>By its content it is of no known format.</summary>
    NotAPicture,

    /// <summary>It ends before its picture does.</summary>
    Truncated,

    /// <summary>It has errors.</summary>
    Damaged,

    /// <summary>It has more pixels, bytes or frames than are let in.</summary>
    TooLarge,
}
