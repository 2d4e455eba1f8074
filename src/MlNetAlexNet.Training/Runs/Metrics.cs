namespace MlNetAlexNet.Training.Runs;

/// <summary>How well one class is recognised.</summary>
/// <param name="Name">The class.</param>
/// <param name="Count">Its pictures.</param>
/// <param name="Precision">Share of the pictures predicted as it that are of it; 0 if none was.</param>
/// <param name="Recall">Share of the class's pictures that were predicted as it; 0 if it has none.</param>
public sealed record ClassMetrics(string Name, int Count, double Precision, double Recall);

/// <summary>How well pictures with known classes are recognised.</summary>
/// <param name="Pictures">Pictures scored.</param>
/// <param name="Correct">Pictures whose class has the highest probability.</param>
/// <param name="Top1">Share of <paramref name="Correct"/>, 0 to 1.</param>
/// <param name="Top5">Share of pictures whose class is among the five most probable, 0 to 1.</param>
/// <param name="LogLoss">Mean of -ln(probability of the true class, at least 1e-15), in nats, as in ML.NET.</param>
/// <param name="Classes">Each class by itself.</param>
/// <param name="Confusion">What was taken for what.</param>
public sealed record Metrics(
    int Pictures,
    int Correct,
    double Top1,
    double Top5,
    double LogLoss,
    IReadOnlyList<ClassMetrics> Classes,
    [property: System.Text.Json.Serialization.JsonIgnore] ConfusionMatrix Confusion);
