using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Teachers;

/// <summary>What a teacher gives of views, in numbers that are easily learnt: of mean 0 and deviation 1, on the processor.</summary>
internal sealed class TeacherFeatures : IDisposable
{
    // Below this a feature is taken for one that is always the same, such as a ReLU that never opens, and left as it is: where it
    // does open in some view that was not measured it must not outweigh all others.
    private const double LeastDeviation = 1e-3;

    // Views of pictures that are measured; they are all in memory.
    private const int MostSamples = 20_000;

    private readonly TeacherViews _views;
    private readonly Tensor _mean;      // width
    private readonly Tensor _deviation; // width

    /// <param name="views">What the teacher gives.</param>
    /// <param name="rows">The pictures by which mean and deviation are measured.</param>
    public TeacherFeatures(TeacherViews views, IReadOnlyList<int> rows)
    {
        _views = views;
        using var scope = NewDisposeScope();
        int[] some = [.. rows.Index().Where(row => row.Index % (1 + rows.Count / MostSamples) == 0).Select(row => row.Item)];
        var seen = Enumerable.Range(1, Math.Clamp(MostSamples / some.Length, 1, views.Views));
        var samples = cat([.. seen.Select(view => ToTensor(some, view))]);                     // samples x width
        var deviation = samples.std(dim: 0, unbiased: false);                                  // width
        _mean = samples.mean([0]).DetachFromDisposeScope();                                    // width
        _deviation = deviation.masked_fill(deviation < LeastDeviation, 1).DetachFromDisposeScope();
    }

    /// <summary>How many there are.</summary>
    public int Width => _views.Width;

    /// <summary>Of one view of pictures.</summary>
    /// <param name="rows">The pictures.</param>
    /// <param name="view">From 1.</param>
    /// <returns>rows x Width.</returns>
    public Tensor Take(IReadOnlyList<int> rows, int view) => ToTensor(rows, view).sub_(_mean).div_(_deviation);

    public void Dispose()
    {
        _mean.Dispose();
        _deviation.Dispose();
    }

    private Tensor ToTensor(IReadOnlyList<int> rows, int view) =>
        tensor(_views.Read(rows, view)).reshape(rows.Count, Width);                            // rows x width
}
