using System.Text.Json;

namespace MlNetAlexNet.Benchmarks;

/// <summary>The figures as JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    public static void Write(Machine machine, IReadOnlyList<Result> results, string path) => File.WriteAllText(
        path,
        JsonSerializer.Serialize(new
        {
            machine,
            results = results.Select(result => new
            {
                result.Benchmark,
                result.Contender,
                result.Baseline,
                result.Unit,
                result.Figure,
                result.BaselineFigure,
                result.Ratio,
                Bar = result.Bar?.Here,
                Met = result.Bar?.IsMet(result.Ratio),
            }),
        }, Json));
}
