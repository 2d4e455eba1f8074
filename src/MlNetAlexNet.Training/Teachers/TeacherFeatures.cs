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

    // He et al. 2022 ("KDEP"), section 3.3: the root that the power temperature takes.
    private const double Power = 1.0 / 3;

    private readonly TeacherViews _views;
    private readonly Tensor _mean;        // width
    private readonly Tensor? _components; // width x width, one a column; null to keep the features as they are
    private readonly Tensor _deviation;   // width, or one number of all components

    private TeacherFeatures(TeacherViews views, Tensor mean, Tensor? components, Tensor deviation) =>
        (_views, _mean, _components, _deviation) = (views, mean, components, deviation);

    /// <summary>How many there are.</summary>
    public int Width => _views.Width;

    /// <summary>Each feature for itself.</summary>
    /// <param name="views">What the teacher gives.</param>
    /// <param name="rows">The pictures by which mean and deviation are measured.</param>
    public static TeacherFeatures Standardize(TeacherViews views, IReadOnlyList<int> rows)
    {
        using var scope = NewDisposeScope();
        var features = Sample(views, rows);                                                    // samples x width
        return new(
            views,
            features.mean([0]).DetachFromDisposeScope(),
            components: null,
            Divisor(features.std(dim: 0, unbiased: false)).DetachFromDisposeScope());
    }

    /// <summary>
    /// Their principal components, of which a root is taken, so that the first do not outweigh all others (He et al. 2022,
    /// "Knowledge Distillation as Efficient Pre-training", sections 3.2 and 3.3: SVD and power temperature scaling).
    /// </summary>
    /// <param name="views">What the teacher gives.</param>
    /// <param name="rows">The pictures by which they are measured.</param>
    public static TeacherFeatures Align(TeacherViews views, IReadOnlyList<int> rows)
    {
        using var scope = NewDisposeScope();
        var features = Sample(views, rows);                                                    // samples x width
        var mean = features.mean([0]);                                                         // width
        features.sub_(mean);
        var (_, components) = linalg.eigh(features.t().matmul(features));                      // width x width
        var roots = Root(features.matmul(components));                                         // samples x width
        var deviation = Divisor(roots.std(unbiased: false));                                   // one number
        return new(
            views, mean.DetachFromDisposeScope(), components.DetachFromDisposeScope(), deviation.DetachFromDisposeScope());
    }

    /// <summary>Of one view of pictures.</summary>
    /// <param name="rows">The pictures.</param>
    /// <param name="view">From 1.</param>
    /// <returns>rows x Width.</returns>
    public Tensor Take(IReadOnlyList<int> rows, int view)
    {
        var features = ToTensor(_views, rows, view).sub_(_mean);                               // rows x width
        return (_components is null ? features : Root(features.matmul(_components))).div_(_deviation);
    }

    public void Dispose()
    {
        _mean.Dispose();
        _components?.Dispose();
        _deviation.Dispose();
    }

    private static Tensor Divisor(Tensor deviation) => deviation.masked_fill(deviation < LeastDeviation, 1);

    // Spread over the pictures and over their views.
    private static Tensor Sample(TeacherViews views, IReadOnlyList<int> rows)
    {
        int[] some = [.. rows.Index().Where(row => row.Index % (1 + rows.Count / MostSamples) == 0).Select(row => row.Item)];
        var seen = Enumerable.Range(1, Math.Clamp(MostSamples / some.Length, 1, views.Views));
        return cat([.. seen.Select(view => ToTensor(views, some, view))]);                     // samples x width
    }

    private static Tensor Root(Tensor values) => values.sign().mul_(values.abs().pow_(Power));

    private static Tensor ToTensor(TeacherViews views, IReadOnlyList<int> rows, int view) =>
        tensor(views.Read(rows, view)).reshape(rows.Count, views.Width);                       // rows x width
}
