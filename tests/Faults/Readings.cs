using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Images;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Faults;

/// <summary>A file read in every way there is. The first error counts, unless another way gives none of the user's.</summary>
internal static class Readings
{
    public static void Picture(string path) => All(
        () => PixelDecoder.Decode(path, 32),
        () => PixelDecoder.DecodeImage(path).Dispose());

    public static void Model(string path) => All(
        () => ModelFile.Read(path),
        () =>
        {
            using var classifier = ImageClassifier.Open(path, options: null, out _);
            Score(classifier);
        });

    public static void ModelZip(string path) => All(
        () => Model(path),
        () =>
        {
            using var classifier = ImageClassifier.Load(path);
            Score(classifier);
        },
        () => (ModelZips.ModelZip.Load(new MLContext(), path) as IDisposable)?.Dispose());

    public static void Options(string path) => OptionsFile.Read(path);

    private static void Score(ImageClassifier classifier)
    {
        using var grey = MLImage.CreateFromPixels(2, 2, MLPixelFormat.Rgba32, new byte[16]);
        classifier.Classify(grey);
    }

    private static void All(params Action[] ways)
    {
        Exception? first = null;
        foreach (var way in ways)
        {
            try
            {
                way();
            }
            catch (AlexNetException fault)
            {
                first ??= fault;
            }
        }

        if (first is not null)
            throw first;
    }
}
