using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Teachers;

/// <summary>What a teacher gives of views, in numbers that are easily learnt: of mean 0 and deviation 1, on the processor.</summary>
internal sealed class TeacherFeatures : IDisposable
{
    // Least deviation: of what is always the same, a ReLU that never opens, as much as nothing is to be learnt.
    private const double LeastDeviation = 1e-3;

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
    /// <param name="rows">The pictures by which mean and deviation are measured, in their first view.</param>
    public static TeacherFeatures Standardize(TeacherViews views, IReadOnlyList<int> rows)
    {
        using var scope = NewDisposeScope();
        var features = ToTensor(views, rows, view: 1);                                         // rows x width
        return new(
            views,
            features.mean([0]).DetachFromDisposeScope(),
            components: null,
            features.std(dim: 0, unbiased: false).clamp_min_(LeastDeviation).DetachFromDisposeScope());
    }

    /// <summary>
    /// Their principal components, of which a root is taken, so that the first do not outweigh all others (He et al. 2022,
    /// "Knowledge Distillation as Efficient Pre-training", sections 3.2 and 3.3: SVD and power temperature scaling).
    /// </summary>
    /// <param name="views">What the teacher gives.</param>
    /// <param name="rows">The pictures by which they are measured, in their first view.</param>
    public static TeacherFeatures Align(TeacherViews views, IReadOnlyList<int> rows)
    {
        using var scope = NewDisposeScope();
        var features = ToTensor(views, rows, view: 1);                                         // rows x width
        var mean = features.mean([0]);                                                         // width
        features.sub_(mean);
        var (_, components) = linalg.eigh(features.t().matmul(features));                      // width x width
        var roots = Root(features.matmul(components));                                         // rows x width
        var deviation = roots.std(unbiased: false).clamp_min_(LeastDeviation);                 // one number
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

    private static Tensor Root(Tensor values) => values.sign().mul_(values.abs().pow_(Power));

    private static Tensor ToTensor(TeacherViews views, IReadOnlyList<int> rows, int view) =>
        tensor(views.Read(rows, view)).reshape(rows.Count, views.Width);                       // rows x width
}
