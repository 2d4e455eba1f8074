using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.Win32.SafeHandles;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Data;

/// <summary>Runs an ML.NET pipeline once and keeps what comes out.</summary>
internal static class PixelReader
{
    /// <summary>
    /// Side of the pictures in a column of <c>Vector&lt;Byte, S, S, 3&gt;</c>, and how they became squares; null where
    /// nothing says it.
    /// </summary>
    /// <exception cref="AlexNetException">The column is missing or of another type.</exception>
    public static (int Side, ImageResizeMode? Mode) ReadForm(DataViewSchema schema, string column) =>
        schema.GetColumnOrNull(column) is not { } found
            ? throw new AlexNetException($"The data has no column '{column}'. Make it with ml.Transforms.LoadPixels().")
            : found.Type is VectorDataViewType { Dimensions: [var height, var width, 3] } type && height == width
                && height > 0 && type.ItemType == NumberDataViewType.Byte
                ? (height, ResizeModeAnnotation.Read(found))
                : throw new AlexNetException(
                    $"Column '{column}' is {found.Type}; it must be bytes of squares, such as Vector<Byte, 256, 256, 3>, with interleaved RGB. "
                    + "Make it with ml.Transforms.LoadPixels().");

    /// <exception cref="AlexNetException">A row has no label, there are no rows, or the disk is full.</exception>
    public static PixelSet Read(
        IDataView data, string pixelsColumn, string labelColumn, IReadOnlyList<string> classes, CancellationToken cancel,
        IProgress<TrainingProgress>? progress = null)
    {
        var (size, _) = ReadForm(data.Schema, pixelsColumn);
        var path = TemporaryFiles.NewPath();
        var file = OnDisk(size, () => File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite));
        try
        {
            var labels = CopyRows(
                data, pixelsColumn, labelColumn, classes, size, file,
                new ReadPictures(progress, PictureStage.Decoding, data.GetRowCount()), cancel);
            if (labels.Count == 0)
            {
                throw new AlexNetException("There are no pictures to train or validate with: the data has no rows.");
            }

            return new PixelSet(new PixelFile(file, size, temporary: path), labels);
        }
        catch (Exception exception) when (FaultOf(exception) is { } fault)
        {
            Delete();
            throw fault;
        }
        catch
        {
            Delete();
            throw;
        }

        void Delete()
        {
            file.Dispose();
            File.Delete(path);
        }
    }

    private static T OnDisk<T>(int size, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AlexNetException(
                $"The pictures could not be kept in {Path.GetTempPath()}: {exception.Message} "
                + $"Each takes {Math.Ceiling(PixelFile.BytesOf(size) / 1024.0)} KiB there while training; set TMPDIR to a folder with more room.",
                exception);
        }
    }

    // ML.NET reads ahead on threads of its own and wraps what a stage throws there.
    private static AlexNetException? FaultOf(Exception? exception) =>
        exception is null or AlexNetException ? (AlexNetException?)exception : FaultOf(exception.InnerException);

    private static List<int> CopyRows(
        IDataView data, string pixelsColumn, string labelColumn, IReadOnlyList<string> classes, int size,
        SafeFileHandle file, ReadPictures read, CancellationToken cancel)
    {
        var pixels = data.Schema[pixelsColumn];
        var label = data.Schema[labelColumn];
        var labels = new List<int>();
        using var cursor = data.GetRowCursor([pixels, label]);
        var getPixels = cursor.GetGetter<VBuffer<byte>>(pixels);
        var getLabel = LabelColumn.CreateGetter(cursor, label, classes);
        var buffer = default(VBuffer<byte>);
        var picture = new byte[((VectorDataViewType)pixels.Type).Size];
        while (cursor.MoveNext())
        {
            cancel.ThrowIfCancellationRequested();
            getPixels(ref buffer);
            buffer.CopyTo(picture);
            OnDisk(size, () =>
            {
                RandomAccess.Write(file, picture, (long)labels.Count * picture.Length);
                return true;
            });
            labels.Add(getLabel());
            read.Add();
        }

        return labels;
    }
}
