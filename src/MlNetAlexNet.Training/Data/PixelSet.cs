using System.IO.MemoryMappedFiles;

namespace MlNetAlexNet.Training.Data;

/// <summary>
/// Pictures with their class, each <see cref="ImageSize"/> x <see cref="ImageSize"/> x RGB bytes, in a temporary file
/// that is mapped, not loaded, and is gone when the set is disposed.
/// </summary>
internal sealed unsafe class PixelSet : IDisposable
{
    private readonly FileStream _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _pixels;

    /// <summary>Takes over the file with one picture after the other.</summary>
    public PixelSet(FileStream file, int imageSize, IReadOnlyList<int> labels)
    {
        (_file, ImageSize, Labels) = (file, imageSize, labels);
        _map = MemoryMappedFile.CreateFromFile(
            file, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _pixels);
        _pixels += _view.PointerOffset;
    }

    /// <summary>Side of the pictures, in pixels.</summary>
    public int ImageSize { get; }

    /// <summary>The class of each picture, from 0.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Bytes of one picture.</summary>
    public int PictureBytes => ImageSize * ImageSize * 3;

    /// <summary>The bytes of a picture: rows of interleaved RGB.</summary>
    public ReadOnlySpan<byte> this[int index] => new(_pixels + (long)index * PictureBytes, PictureBytes);

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
        _file.Dispose();
    }
}
