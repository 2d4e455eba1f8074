using System.Security.Cryptography;
using System.Text;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Promotion;

/// <summary>Pictures of the test that neither the champion nor its challenger has been trained on or chosen by, each once.</summary>
/// <param name="Pictures">The pictures.</param>
/// <param name="TrainedOn">How many are left out since the champion was trained on them.</param>
/// <param name="ChosenBy">Likewise, since they were among the validation of the champion.</param>
/// <param name="Learnt">Likewise, since copies of them are among what the challenger is trained on or chosen by.</param>
/// <param name="Copies">Files that are left out since the same bytes are there once more.</param>
/// <param name="Contradictory">Likewise, since the same bytes are there in another class.</param>
public sealed record HeldOutPictures(
    IReadOnlyList<GatePicture> Pictures, int TrainedOn, int ChosenBy, int Learnt, int Copies, int Contradictory)
{
    /// <summary>Takes them out of today's pictures.</summary>
    /// <param name="pictures">Today's: the challenger is trained on the first part, chosen by the second and tested with the third.</param>
    /// <param name="champion">
    /// Of which the challenger starts. If its <see cref="TrainedModel.TrainedOn"/> is empty, it is not known what it has seen.
    /// </param>
    public static HeldOutPictures Select(IReadOnlyList<GatePicture> pictures, TrainedModel champion)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(champion);
        var learnt = pictures.Where(picture => picture.Part != PartNames.Test).Select(picture => picture.Fingerprint).ToHashSet();
        var result = new HeldOutPictures([], 0, 0, 0, 0, 0);
        var taken = new List<GatePicture>();
        foreach (var same in pictures.Where(picture => picture.Part == PartNames.Test).GroupBy(picture => picture.Fingerprint))
        {
            var count = same.Count();
            result = true switch
            {
                _ when champion.TrainedOn.Contains(same.Key) => result with { TrainedOn = result.TrainedOn + count },
                _ when champion.ChosenBy.Contains(same.Key) => result with { ChosenBy = result.ChosenBy + count },
                _ when learnt.Contains(same.Key) => result with { Learnt = result.Learnt + count },
                _ when same.DistinctBy(picture => picture.Label).Count() > 1 => result with { Contradictory = result.Contradictory + count },
                _ => Take(same.First(), count - 1),
            };
        }

        return result with { Pictures = taken };

        HeldOutPictures Take(GatePicture picture, int copies)
        {
            taken.Add(picture);
            return result with { Copies = result.Copies + copies };
        }
    }

    /// <summary>
    /// Of which pictures they are, in hexadecimal digits: SHA-256 of their fingerprints, sorted, each with a line feed behind it.
    /// </summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(
        string.Concat(Pictures.Select(picture => $"{picture.Fingerprint}\n").Order(StringComparer.Ordinal)))));

    /// <summary>What a model says they are: its most probable class of each, also where it does not know theirs.</summary>
    /// <param name="classifier">The model.</param>
    /// <param name="progress">Receives a report for every picture.</param>
    /// <param name="cancellationToken">Ends the scoring.</param>
    /// <exception cref="AlexNetException">Some cannot be decoded; all are listed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public IReadOnlyList<string> Classify(
        ImageClassifier classifier, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        var (labels, bad) = (new List<string>(), new List<BadImage>());
        foreach (var outcome in classifier.TryClassifyMany(Pictures.Select(picture => picture.Path), cancellationToken))
        {
            if (outcome.Prediction is { } prediction)
                labels.Add(prediction.PredictedLabel);
            else
                bad.Add(new BadImage(outcome.Path, outcome.Fault!.Message));
            progress?.Report(new EvaluationProgress(labels.Count + bad.Count, Pictures.Count));
        }

        DecodablePictures.RequireNone(bad);
        return labels;
    }
}
