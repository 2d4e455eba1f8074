using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Images;

/// <summary>
/// How the pictures of a column of pixels became squares, noted in its annotations: the size is part of its type, the mode
/// is not.
/// </summary>
internal static class ResizeModeAnnotation
{
    private const string Kind = "ResizeMode";

    /// <summary>Notes the mode.</summary>
    public static void Add(SchemaDefinition.Column column, ImageResizeMode mode) =>
        column.AddAnnotation(Kind, $"{mode}".AsMemory(), TextDataViewType.Instance);

    /// <summary>The mode; null where none is noted, as in a column that <c>LoadPixels</c> did not make.</summary>
    public static ImageResizeMode? Read(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Kind) is not { Type: TextDataViewType })
            return null;

        var text = default(ReadOnlyMemory<char>);
        column.Annotations.GetValue(Kind, ref text);
        return Enum.TryParse(text.Span, out ImageResizeMode mode) ? mode : null;
    }
}
