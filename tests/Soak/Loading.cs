using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Soak;

/// <summary>Models that are loaded, used with both of their sessions and let go, as where a service gets new ones.</summary>
internal static class Loading
{
    public static bool Run(string zip, string[] files, int loads)
    {
        string[] few = [.. files.Take(2)];
        var watch = new Watch("models loaded and let go", loads);
        for (var i = 1; i <= loads; i++)
        {
            using (var classifier = ImageClassifier.Open(zip, null, out _))
                _ = classifier.Classify(few[0]).Score.Length + classifier.ClassifyMany(few).Count();
            watch.Reach(i);
        }

        return watch.Report();
    }
}
