namespace MlNetAlexNet.Cli.Progress;

/// <summary>Any number of figures in the memory of some: where there are too many, two neighbours become their mean.</summary>
internal sealed class LossCurve
{
    private const int Most = 512;

    private readonly List<double> _means = [];
    private int _each = 1; // figures behind a mean
    private (double Sum, int Count) _begun;

    /// <summary>The means so far, at most <see cref="Most"/>.</summary>
    public IReadOnlyList<double> ToPoints() => _begun.Count == 0 ? [.. _means] : [.. _means, _begun.Sum / _begun.Count];

    /// <summary>Means of as many neighbours as make it so many points; fewer where there are not that many.</summary>
    public static IReadOnlyList<double> Fit(IReadOnlyList<double> points, int most) => points.Count <= most
        ? points
        : [.. Enumerable.Range(0, most).Select(i => Enumerable.Range(i * points.Count / most, Math.Max(1, (i + 1) * points.Count / most - i * points.Count / most))
            .Average(point => points[point]))];

    /// <summary>One more; one that is not finite is none.</summary>
    public void Add(double figure)
    {
        if (!double.IsFinite(figure))
            return;

        _begun = (_begun.Sum + figure, _begun.Count + 1);
        if (_begun.Count < _each)
            return;

        _means.Add(_begun.Sum / _begun.Count);
        _begun = default;
        if (_means.Count < Most)
            return;

        for (var i = 0; i < Most / 2; i++)
            _means[i] = (_means[2 * i] + _means[2 * i + 1]) / 2;
        _means.RemoveRange(Most / 2, Most / 2);
        _each *= 2;
    }
}
