using MlNetAlexNet.Images;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Training.Runs;

/// <summary>Scores pictures of known classes through a model zip and counts.</summary>
public static class Evaluation
{
    private const double SmallestProbability = 1e-15;

    /// <summary>Scores the pictures that can be decoded; each is decoded once.</summary>
    /// <param name="classifier">The model.</param>
    /// <param name="pictures">The pictures with their classes.</param>
    /// <param name="skipBadImages">Whether those that cannot be decoded are left out.</param>
    /// <param name="progress">Receives a <see cref="PictureScored"/> for every picture.</param>
    /// <param name="cancellationToken">Ends the scoring.</param>
    /// <returns>The metrics, and the paths of the pictures left out.</returns>
    /// <exception cref="AlexNetException">
    /// There are no pictures, a class is not one of the model's, or some cannot be decoded and may not be left out; all
    /// of those are listed.
    /// </exception>
    public static (Metrics Metrics, IReadOnlyList<string> LeftOut) Run(
        ImageClassifier classifier,
        IReadOnlyList<LabeledImage> pictures,
        bool skipBadImages = false,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Run(classifier, pictures, skipBadImages, _ => { }, progress, cancellationToken);

    /// <summary>Shows each prediction as well.</summary>
    internal static (Metrics Metrics, IReadOnlyList<string> LeftOut) Run(
        ImageClassifier classifier,
        IReadOnlyList<LabeledImage> pictures,
        bool skipBadImages,
        Action<ImagePrediction> predicted,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(pictures);
        var index = IndexOf(classifier.Classes);
        RequireKnown(pictures, index, classifier.Classes);
        var bad = new List<BadImage>();
        var metrics = Of(classifier.Classes, Predictions());
        return (metrics, [.. bad.Select(image => image.Path)]);

        IEnumerable<(int Actual, float[] Score)> Predictions()
        {
            var done = 0;
            var outcomes = classifier.TryClassifyMany(pictures.Select(picture => picture.ImagePath), cancellationToken);
            foreach (var (picture, outcome) in pictures.Zip(outcomes))
            {
                progress?.Report(new PictureScored(++done, pictures.Count));
                if (outcome.Prediction is { } prediction)
                {
                    predicted(prediction);
                    yield return (index[picture.Label], prediction.Score);
                }
                else
                {
                    bad.Add(new BadImage(outcome.Path, outcome.Fault!.Message));
                }
            }

            if (!skipBadImages)
                DecodablePictures.RequireNone(bad, DecodablePictures.SkipAdvice);
        }
    }

    /// <summary>Counts predictions.</summary>
    /// <param name="classes">The classes in the order of the scores.</param>
    /// <param name="predictions">Index of the true class and the probabilities of all, a pair a picture.</param>
    internal static Metrics Of(IReadOnlyList<string> classes, IEnumerable<(int Actual, float[] Score)> predictions)
    {
        var counts = new int[classes.Count, classes.Count];
        var (pictures, correct, among5, logLoss) = (0, 0, 0, 0.0);
        foreach (var (actual, score) in predictions)
        {
            pictures++;
            counts[actual, Array.IndexOf(score, score.Max())]++;
            var rank = Rank(score, actual);
            correct += rank == 0 ? 1 : 0;
            among5 += rank < 5 ? 1 : 0;
            logLoss -= Math.Log(Math.Max(score[actual], SmallestProbability));
        }

        if (pictures == 0)
        {
            throw new AlexNetException(
                "There are no pictures to evaluate; give a folder with a folder of pictures for each class.");
        }

        var confusion = new ConfusionMatrix(classes, counts);
        var each = classes.Select((name, i) => new ClassMetrics(
            name,
            confusion.Actual(i),
            Precision: Share(counts[i, i], confusion.Predicted(i)),
            Recall: Share(counts[i, i], confusion.Actual(i))));
        var (top1, top5) = (Share(correct, pictures), Share(among5, pictures));
        return new Metrics(pictures, correct, top1, top5, logLoss / pictures, [.. each], confusion);
    }

    // Of equal scores the first class counts as the higher one, as in ONNX TopK.
    private static int Rank(float[] score, int index) =>
        score.Where((other, i) => other > score[index] || (other == score[index] && i < index)).Count();

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    private static Dictionary<string, int> IndexOf(IReadOnlyList<string> classes) =>
        classes.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);

    private static void RequireKnown(
        IReadOnlyList<LabeledImage> pictures, Dictionary<string, int> index, IReadOnlyList<string> classes)
    {
        var unknown = pictures.Select(picture => picture.Label).Distinct().Where(label => !index.ContainsKey(label));
        if (string.Join(", ", unknown.Select(label => $"'{label}'")) is { Length: > 0 } names)
        {
            throw new AlexNetException(
                $"The model does not know the class of some pictures: {names}. " +
                $"It knows {string.Join(", ", classes)}. " +
                "Give a folder whose folders are called as the model's classes.");
        }
    }
}
