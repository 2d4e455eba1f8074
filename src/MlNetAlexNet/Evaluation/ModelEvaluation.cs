using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Evaluation;

/// <summary>Scores pictures of known classes and counts.</summary>
public static class ModelEvaluation
{
    /// <summary>Scores the pictures that can be decoded; each is decoded once.</summary>
    /// <param name="classifier">The model.</param>
    /// <param name="pictures">The pictures with their classes.</param>
    /// <param name="skipBadImages">Whether those that cannot be decoded are left out.</param>
    /// <param name="progress">Receives a report for every picture.</param>
    /// <param name="cancellationToken">Ends the scoring.</param>
    /// <exception cref="AlexNetException">
    /// There are no pictures, a class is not one of the model's, or some cannot be decoded and may not be left out; all
    /// of those are listed.
    /// </exception>
    public static EvaluationResult Evaluate(
        ImageClassifier classifier,
        IReadOnlyList<LabeledImage> pictures,
        bool skipBadImages = false,
        IProgress<EvaluationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(pictures);
        var index = classifier.Classes.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        RequireKnown(pictures, index, classifier.Classes);
        var scored = new List<ScoredPicture>();
        var bad = new List<BadImage>();
        var transparent = 0;
        var outcomes = classifier.TryClassifyMany(pictures.Select(picture => picture.ImagePath), cancellationToken);
        foreach (var (done, (picture, outcome)) in pictures.Zip(outcomes).Index())
        {
            progress?.Report(new EvaluationProgress(done + 1, pictures.Count));
            transparent += outcome.IsTransparent ? 1 : 0;
            if (outcome.Prediction is { } prediction)
                scored.Add(ScoredPicture.Compare(picture.ImagePath, classifier.Classes, index[CanonicalForms.Compose(picture.Label)], prediction.Score));
            else
                bad.Add(new BadImage(outcome.Path, outcome.Fault!.Message));
        }

        if (!skipBadImages)
            DecodablePictures.RequireNone(bad, skip: "SkipBadImages");
        return new EvaluationResult(Metrics.Count(classifier.Classes, scored), scored, [.. bad.Select(image => image.Path)])
        {
            Transparent = transparent,
            TrainedOn = FindTrainedOn(classifier, [.. scored.Select(picture => picture.Path)], cancellationToken),
        };
    }

    private static string[] FindTrainedOn(ImageClassifier classifier, string[] paths, CancellationToken cancellationToken) =>
        classifier.TrainedOn.Count == 0
            ? []
            : [.. paths
                .Zip(FingerprintedPictures.Read(paths, cancellationToken))
                .Where(picture => classifier.TrainedOn.Contains(picture.Second))
                .Select(picture => picture.First)];

    private static void RequireKnown(
        IReadOnlyList<LabeledImage> pictures, Dictionary<string, int> index, IReadOnlyList<string> classes)
    {
        var unknown = pictures.Select(picture => CanonicalForms.Compose(picture.Label)).Distinct().Where(label => !index.ContainsKey(label));
        if (string.Join(", ", unknown.Select(label => $"'{label}'")) is { Length: > 0 } names)
        {
            throw new AlexNetException(
                $"The model does not know the class of some pictures: {names}. " +
                $"It knows {string.Join(", ", classes)}. " +
                "Give a folder whose folders are called as the model's classes.");
        }
    }
}
