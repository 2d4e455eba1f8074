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
    /// 150 small steps. The gradient's norm starts at about 110 (mean of five steps of one seed) and is clipped to 2.
    /// Without clipping a learning rate of 0.01 was still at chance after 50 steps. Dropout was not tried.
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
    /// Draws the splits that <paramref name="folder"/> does not hold whole; other files in it stay as they are. The
    /// pictures are the same every time on one kind of processor. A split appears only when all of it is drawn.
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

    private static bool IsWhole(string split, int pictures) => Classes.All(name =>
        Directory.Exists(Path.Combine(split, name)) &&
        Directory.EnumerateFiles(Path.Combine(split, name), "*.jpg").Count() == pictures);

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

            var names = from name in Classes from i in Enumerable.Range(1, pictures) select (name, i);
            Parallel.ForEach(names, new ParallelOptions { CancellationToken = cancellationToken }, picture =>
            {
                var file = string.Create(CultureInfo.InvariantCulture, $"{picture.name}/{picture.i:0000}.jpg");
                using var outline = ShapeOutline.ByName[picture.name]();
                using var bitmap = ShapePicture.Draw(outline, new Random(SeedOf($"{split}/{file}")));
                using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, JpegQuality);
                using var stream = File.Create(Path.Combine(half, file));
                jpeg.SaveTo(stream);
            });
            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }

            Directory.Move(half, target);
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

    // A picture depends on its path alone, so the order of drawing does not matter.
    private static int SeedOf(string path) =>
        BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.ASCII.GetBytes(path)));
}
