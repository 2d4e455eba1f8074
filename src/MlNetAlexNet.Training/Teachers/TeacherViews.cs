using System.Runtime.InteropServices;
using MlNetAlexNet.Training.Data;

namespace MlNetAlexNet.Training.Teachers;

/// <summary>
/// The features that a teacher gives of every view of every training picture, computed once; 16-bit floats in a temporary
/// file, 1 KiB a view of ResNet18. Safe for many threads.
/// </summary>
internal sealed class TeacherViews : IDisposable
{
    /// <summary>What an error calls the option that says how many views there are: <see cref="TeacherOptions.Views"/>.</summary>
    public const string Option = nameof(TrainingOptions.Teacher) + nameof(TeacherOptions.Views);

    private const int BatchSize = 16;

    private readonly FeatureFile _file; // views from 0

    private TeacherViews(FeatureFile file, int width, int views) => (_file, Width, Views) = (file, width, views);

    /// <summary>Features of one view.</summary>
    public int Width { get; }

    /// <summary>Views of each picture.</summary>
    public int Views { get; }

    /// <summary>Shows the teacher every view, as <see cref="View.Draw(int, int, Augmentation, int, int, int)"/> gives it to the network.</summary>
    /// <param name="teacher">What computes.</param>
    /// <param name="pictures">Those to learn from.</param>
    /// <param name="side">Of the squares that are learnt, in pixels; the teacher sees them scaled to its own side.</param>
    /// <param name="options">Of the training, with a teacher.</param>
    /// <param name="observation">Of the training.</param>
    /// <exception cref="AlexNetException">There is no room for the file, or the teacher cannot compute.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TeacherViews Compute(
        TeacherNetwork teacher, PixelRows pictures, int side, TrainingOptions options, TrainingObservation observation)
    {
        var views = options.CountViews(options.Teacher!.Views);
        var rows = pictures.Rows;
        var store = new TeacherViews(
            new FeatureFile(rows, views, teacher.Width * sizeof(short), Option), teacher.Width, views);
        try
        {
            var done = 0L;
            var telling = new Lock(); // one at a time, and in order
            var parts = Enumerable.Range(1, views).SelectMany(view => rows.Chunk(BatchSize).Select(part => (view, part)));
            ParallelFaults.Unwrap(() => Parallel.ForEach(
                parts,
                new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = observation.CancellationToken },
                part =>
                {
                    var squares = Cut(pictures.Set.Pictures, part.part, part.view, side, teacher.Side, options);
                    store.Write(part.part, part.view, teacher.Compute(squares, part.part.Length));
                    lock (telling)
                    {
                        done += part.part.Length;
                        observation.Progress?.Report(new TeacherLooking(done, rows.Count * (long)views));
                    }
                }));
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>The features of one view of pictures.</summary>
    /// <param name="rows">The pictures.</param>
    /// <param name="view">From 1.</param>
    /// <returns>rows x Width.</returns>
    public float[] Read(IReadOnlyList<int> rows, int view)
    {
        var features = new float[rows.Count * Width];
        var halves = new Half[Width];
        for (var i = 0; i < rows.Count; i++)
        {
            _file.Read(rows[i], view - 1, MemoryMarshal.AsBytes(halves.AsSpan()));
            for (var f = 0; f < Width; f++)
                features[i * Width + f] = (float)halves[f];
        }

        return features;
    }

    public void Dispose() => _file.Dispose();

    private void Write(int[] rows, int view, float[] features)
    {
        var halves = new Half[Width];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var f = 0; f < Width; f++)
                halves[f] = (Half)features[i * Width + f];
            _file.Write(rows[i], view - 1, MemoryMarshal.AsBytes(halves.AsSpan()));
        }
    }

    // part x seen x seen x RGB.
    private static byte[] Cut(PixelFile pictures, int[] part, int view, int side, int seen, TrainingOptions options)
    {
        var picture = new byte[pictures.PictureBytes];
        var square = new byte[side * side * 3];
        var squares = new byte[part.Length * seen * seen * 3];
        var scaling = Affine.FromRectangle(0, 0, side, side, seen);
        for (var i = 0; i < part.Length; i++)
        {
            pictures.Read(part[i], picture);
            View.Draw(pictures.ImageSize, side, options.Augmentation, options.Seed, view, part[i])
                .Cut(picture, pictures.ImageSize, square, side);
            scaling.Sample(square, side, squares.AsSpan(i * seen * seen * 3, seen * seen * 3), seen);
        }

        return squares;
    }
}
