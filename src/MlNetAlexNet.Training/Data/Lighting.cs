namespace MlNetAlexNet.Training.Data;

/// <summary>
/// How far a picture's colours move along each principal component, in deviations along it (Krizhevsky 2012, section 4.1).
/// </summary>
internal readonly record struct Lighting(double First, double Second, double Third)
{
    /// <summary>Normal numbers of mean 0: three times two draws.</summary>
    /// <param name="deviation">Their deviation.</param>
    /// <param name="random">Of the picture.</param>
    public static Lighting Draw(double deviation, ref PictureRandom random) => new(
        deviation * random.NextNormal(), deviation * random.NextNormal(), deviation * random.NextNormal());
}
