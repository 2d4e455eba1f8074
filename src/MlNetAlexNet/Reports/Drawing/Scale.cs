namespace MlNetAlexNet.Reports.Drawing;

/// <summary>A range of values on a length of a drawing.</summary>
/// <param name="Low">Lowest value.</param>
/// <param name="High">Highest value, above <paramref name="Low"/>.</param>
/// <param name="From">Where the lowest is drawn.</param>
/// <param name="To">Where the highest is.</param>
internal readonly record struct Scale(double Low, double High, double From, double To)
{
    /// <summary>Where a value is drawn.</summary>
    public double Place(double value) => From + (value - Low) / (High - Low) * (To - From);

    /// <summary>Values to name: multiples of 1, 2 or 5 times a power of ten, about as many as asked for.</summary>
    public IEnumerable<double> ListTicks(int about)
    {
        var step = StepOf(High - Low, about);
        for (var i = (long)Math.Ceiling(Low / step - 1e-9); i * step <= High + step * 1e-9; i++)
            yield return i * step;
    }

    /// <summary>A range that holds all values and ends at ticks; of one value alone, some room around it.</summary>
    public static Scale Around(IEnumerable<double> values, double from, double to, int ticks)
    {
        var all = values.DefaultIfEmpty(0).ToList();
        var (low, high) = (all.Min(), all.Max());
        if (high - low < 1e-12 * Math.Max(1, Math.Abs(high)))
            (low, high) = high == 0 ? (0, 1) : (low - Math.Abs(low) / 2, high + Math.Abs(high) / 2);

        var step = StepOf(high - low, ticks);
        return new Scale(Math.Floor(low / step + 1e-9) * step, Math.Ceiling(high / step - 1e-9) * step, from, to);
    }

    private static double StepOf(double range, int about)
    {
        var raw = range / about;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return power * (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }
}
