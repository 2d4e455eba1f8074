namespace MlNetAlexNet.Inspection;

/// <summary>What can be found in a folder of pictures.</summary>
public enum FindingKind
{
    /// <summary>The file may not be read, or is gone.</summary>
    Unreadable,

    /// <summary>The file has no bytes.</summary>
    Empty,

    /// <summary>By its content it is no picture, or of a format that is not decoded: text, HTML, TIFF, HEIC.</summary>
    NotAPicture,

    /// <summary>The file ends before its picture does.</summary>
    Truncated,

    /// <summary>The picture cannot be decoded.</summary>
    Damaged,

    /// <summary>It has more pixels than are decoded.</summary>
    TooLarge,

    /// <summary>Copies of one picture are of two classes or more.</summary>
    LabelConflict,

    /// <summary>Copies of one picture of one class are in two parts or more: what is trained on is tested.</summary>
    Leakage,

    /// <summary>A class has no picture that can be decoded, or none in a part where others have some.</summary>
    MissingClass,

    /// <summary>Pictures lie beside the folders of the classes, so they have none.</summary>
    BesideClasses,

    /// <summary>The picture is of another format than its name says.</summary>
    WrongExtension,

    /// <summary>The picture moves; its first frame is taken.</summary>
    Animated,

    /// <summary>A JPEG of four colours for print, CMYK or YCCK; its colours are converted without a profile.</summary>
    Cmyk,

    /// <summary>A PNG of 16 bits a channel, of which 8 are taken.</summary>
    SixteenBits,

    /// <summary>Pixels of the picture are not opaque; they are blended with black.</summary>
    Transparent,

    /// <summary>Copies of one picture are in one class and one part.</summary>
    Duplicate,

    /// <summary>Names that differ in their case only, and are one on Windows and macOS.</summary>
    CaseOnly,

    /// <summary>Files in the folders of the classes that are left out, as their names are no pictures'.</summary>
    NotTaken,

    /// <summary>The largest class to train on has many times the pictures of the smallest.</summary>
    Imbalance,

    /// <summary>A class has five pictures to train on or fewer.</summary>
    FewPictures,
}
