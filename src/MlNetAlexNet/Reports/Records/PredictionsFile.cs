using System.Globalization;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Formats;

namespace MlNetAlexNet.Reports.Records;

/// <summary><c>predictions.csv</c>: a line a test picture, as in <see cref="ScoredPicture"/>, with full paths.</summary>
internal static class PredictionsFile
{
    private static readonly string[] s_header = ["path", "label", "predicted", "probability", "label_probability", "rank"];

    public static void Write(IEnumerable<ScoredPicture> pictures, string path) => WholeFile.WriteText(path, CsvText.Format(
    [
        s_header,
        .. pictures.Select(picture => (string[])
        [
            Path.GetFullPath(picture.Path), picture.Label, picture.Predicted, Number(picture.Probability), Number(picture.LabelProbability),
            picture.Rank.ToString(CultureInfo.InvariantCulture),
        ]),
    ]));

    /// <exception cref="AlexNetException">It cannot be read, or is none.</exception>
    public static IReadOnlyList<ScoredPicture> Read(string path)
    {
        try
        {
            return CsvText.Read(path).ConvertAll(row => new ScoredPicture(
                row["path"], row["label"], row["predicted"], Probability(row["probability"]), Probability(row["label_probability"]),
                int.Parse(row["rank"], NumberStyles.None, CultureInfo.InvariantCulture)));
        }
        catch (Exception fault) when (fault is KeyNotFoundException or FormatException or OverflowException)
        {
            throw new AlexNetException($"'{path}' is no table of predictions: {fault.Message}", fault);
        }
    }

    private static string Number(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static float Probability(string text) => float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) is >= 0 and <= 1.001f and var share
        ? share
        : throw new FormatException($"'{text}' is no probability.");
}
