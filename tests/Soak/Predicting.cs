using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Soak;

/// <summary>Pictures that are classified in all ways in turn: one by one, of a stream, by many callers, many at once.</summary>
internal static class Predicting
{
    private const int Round = 64;

    public static bool Run(string zip, string[] files, int predictions)
    {
        using var classifier = ImageClassifier.Open(zip, null, out _);
        Func<string[], int>[] ways =
        [
            some => some.Count(path => classifier.Classify(path).PredictedLabel != ""),
            some => some.Count(path =>
            {
                using var stream = File.OpenRead(path);
                return classifier.Classify(stream).PredictedLabel != "";
            }),
            some => Task.WhenAll(some.Select(path => classifier.ClassifyAsync(path))).GetAwaiter().GetResult().Length,
            some => classifier.ClassifyMany(some).Count(),
            some => classifier.ClassifyManyAsync(some).ToBlockingEnumerable().Count(),
        ];
        var watch = new Watch("predictions", predictions);
        for (var (done, round) = (0, 0); done < predictions; round++)
        {
            var first = done;
            string[] some = [.. Enumerable.Range(0, Math.Min(Round, predictions - done)).Select(i => files[(first + i) % files.Length])];
            done += ways[round % ways.Length](some);
            watch.Reach(done);
        }

        return watch.Report();
    }
}
