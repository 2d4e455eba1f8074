using System.Text.Json.Serialization;

namespace MlNetAlexNet.Evaluation;

/// <summary>How well one class is recognised.</summary>
/// <param name="Name">The class.</param>
/// <param name="Count">Its pictures.</param>
/// <param name="Precision">Share of the pictures predicted as it that are of it; 0 if none was.</param>
/// <param name="Recall">Share of the class's pictures that were predicted as it; 0 if it has none.</param>
public sealed record ClassMetrics(string Name, int Count, double Precision, double Recall)
{
    /// <summary>Harmonic mean of <see cref="Precision"/> and <see cref="Recall"/>, 0 to 1; 0 where both are.</summary>
    public double F1 => Precision + Recall == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);
}

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
    [property: JsonIgnore] ConfusionMatrix Confusion)
{
    private const double SmallestProbability = 1e-15;

    /// <summary>Where <see cref="Top1"/> of all pictures lies of which these are some.</summary>
    public ConfidenceInterval Top1Interval => ConfidenceInterval.OfShare(Top1, Pictures);

    /// <summary>Likewise <see cref="Top5"/>.</summary>
    public ConfidenceInterval Top5Interval => ConfidenceInterval.OfShare(Top5, Pictures);

    /// <summary>Whether the probabilities hold what they promise.</summary>
    public required Calibration Calibration { get; init; }

    /// <summary>Counts predictions.</summary>
    /// <param name="classes">The classes in the order of the scores.</param>
    /// <param name="pictures">The pictures, of those classes.</param>
    /// <exception cref="AlexNetException">There are none.</exception>
    internal static Metrics Count(IReadOnlyList<string> classes, IReadOnlyList<ScoredPicture> pictures)
    {
        if (pictures.Count == 0)
        {
            throw new AlexNetException(
                "There are no pictures to evaluate; give a folder with a folder of pictures for each class.");
        }

        var index = classes.Index().ToDictionary(name => name.Item, name => name.Index);
        var counts = new int[classes.Count, classes.Count];
        foreach (var picture in pictures)
            counts[index[picture.Label], index[picture.Predicted]]++;

        var confusion = new ConfusionMatrix(classes, counts);
        var each = classes.Select((name, i) => new ClassMetrics(
            name,
            confusion.CountActual(i),
            Precision: Share(counts[i, i], confusion.CountPredicted(i)),
            Recall: Share(counts[i, i], confusion.CountActual(i))));
        var correct = pictures.Count(picture => picture.IsRight);
        return new Metrics(
            pictures.Count,
            correct,
            Share(correct, pictures.Count),
            Share(pictures.Count(picture => picture.Rank < 5), pictures.Count),
            0 - pictures.Average(picture => Math.Log(Math.Max(picture.LabelProbability, SmallestProbability))), // not -0 of those at 1
            [.. each],
            confusion)
        {
            Calibration = Calibration.Count(pictures.Select(picture => ((double)picture.Probability, picture.IsRight))),
        };
    }

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
