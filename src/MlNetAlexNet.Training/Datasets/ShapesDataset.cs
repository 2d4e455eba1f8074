using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SkiaSharp;

namespace MlNetAlexNet.Training.Datasets;

/// <summary>
/// The demo dataset <c>shapes</c>: pictures of eight shapes on cluttered backgrounds, drawn here, so that a fresh clone
/// can train without a download. Layout: <c>train|validation|test/CLASS/0001.jpg</c>, 256 x 256.
/// </summary>
public static class ShapesDataset
{
    private const int JpegQuality = 92;

    /// <summary>The classes in ordinal order.</summary>
    public static IReadOnlyList<string> Classes { get; } = [.. ShapeOutline.ByName.Keys];

    /// <summary>Pictures of each class by split.</summary>
    public static IReadOnlyList<(string Split, int PicturesPerClass)> Splits { get; } =
        [("train", 100), ("validation", 10), ("test", 50)];

    /// <summary>
    /// How to train the reference stack on it from random weights within minutes on two cores: 2,400 pictures seen in
    /// 150 small steps, without dropout or clipping. Measured with seed 1: 99.5% top-1 on the test split, 98.0% with 2
    /// epochs; a learning rate of 0.01 was still at chance after 50 steps.
    /// </summary>
    public static TrainingOptions Recipe { get; } = new()
    {
        Epochs = 3,
        BatchSize = 16,
        LearningRate = 0.0025,
        WarmUpSteps = 20,
        Dropout = 0,
    };

    /// <summary>
    /// Draws the splits of which <paramref name="folder"/> lacks a picture; other files in it stay as they are. The
    /// pictures are the same every time on one kind of processor. A new split appears only when all of it is drawn.
    /// </summary>
    /// <param name="folder">Where the splits go; created when missing.</param>
    /// <param name="cancellationToken">Ends the drawing; what is half drawn is deleted.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static void EnsureDrawn(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        EnsureDrawn(folder, Splits, cancellationToken);
    }

    internal static void EnsureDrawn(
        string folder, IEnumerable<(string Split, int PicturesPerClass)> splits, CancellationToken cancellationToken)
    {
        foreach (var (split, pictures) in splits)
        {
            var target = Path.Combine(folder, split);
            if (!IsWhole(target, pictures))
            {
                Draw(folder, split, pictures, cancellationToken);
            }
        }
    }

    private static bool IsWhole(string split, int pictures) =>
        Files(pictures).All(file => File.Exists(Path.Combine(split, file.Path)));

    private static IEnumerable<(string Class, string Path)> Files(int pictures) =>
        from name in Classes
        from number in Enumerable.Range(1, pictures)
        select (name, string.Create(CultureInfo.InvariantCulture, $"{name}/{number:0000}.jpg"));

    private static void Draw(string folder, string split, int pictures, CancellationToken cancellationToken)
    {
        var target = Path.Combine(folder, split);
        var half = Path.Combine(folder, $".{split}-{Path.GetRandomFileName()}");
        try
        {
            foreach (var name in Classes)
            {
                Directory.CreateDirectory(Path.Combine(half, name));
            }

            var parallel = new ParallelOptions { CancellationToken = cancellationToken };
            ParallelFaults.Unwrap(() => Parallel.ForEach(Files(pictures), parallel, file =>
            {
                using var outline = ShapeOutline.ByName[file.Class]();
                using var bitmap = ShapePicture.Draw(outline, new Random(SeedOf($"{split}/{file.Path}")));
                using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, JpegQuality);
                using var stream = File.Create(Path.Combine(half, file.Path));
                jpeg.SaveTo(stream);
            }));
            if (Directory.Exists(target))
            {
                MovePictures(half, target, pictures);
            }
            else
            {
                Directory.Move(half, target);
            }
        }
        catch (IOException) when (IsWhole(target, pictures))
        {
            // Another process was faster; its pictures are the same.
        }
        finally
        {
            if (Directory.Exists(half))
            {
                Directory.Delete(half, recursive: true);
            }
        }
    }

    private static void MovePictures(string from, string to, int pictures)
    {
        foreach (var (name, file) in Files(pictures))
        {
            Directory.CreateDirectory(Path.Combine(to, name));
            File.Move(Path.Combine(from, file), Path.Combine(to, file), overwrite: true);
        }
    }

    // A picture depends on its path alone, so the order of drawing does not matter.
    private static int SeedOf(string path) =>
        BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.ASCII.GetBytes(path)));
}
