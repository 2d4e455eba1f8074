using SkiaSharp;

namespace MlNetAlexNet.Training.Datasets;

/// <summary>The outlines of the shapes by class name, upright about the origin with a radius of about 1.</summary>
internal static class ShapeOutline
{
    internal static readonly SortedDictionary<string, Func<SKPath>> ByName = new(StringComparer.Ordinal)
    {
        ["crescent"] = Crescent,
        ["cross"] = Cross,
        ["disc"] = () => Circle(0, 0, 0.9f),
        ["heart"] = Heart,
        ["ring"] = () => Cut(Circle(0, 0, 0.95f), Circle(0, 0, 0.55f)),
        ["square"] = () => Polygon([(-0.8f, -0.8f), (0.8f, -0.8f), (0.8f, 0.8f), (-0.8f, 0.8f)]),
        ["star"] = Star,
        ["triangle"] = () => Polygon([(0, -1), (0.95f, 0.7f), (-0.95f, 0.7f)]),
    };

    private static SKPath Crescent() => Cut(Circle(0, 0, 1), Circle(0.45f, 0, 0.8f));

    private static SKPath Cross()
    {
        const float Arm = 0.28f;
        return Polygon(
        [
            (-Arm, -1), (Arm, -1), (Arm, -Arm), (1, -Arm), (1, Arm), (Arm, Arm),
            (Arm, 1), (-Arm, 1), (-Arm, Arm), (-1, Arm), (-1, -Arm), (-Arm, -Arm),
        ]);
    }

    private static SKPath Heart()
    {
        var path = new SKPath();
        path.MoveTo(0, 0.95f);
        path.CubicTo(-1.7f, -0.2f, -0.85f, -1.4f, 0, -0.5f);
        path.CubicTo(0.85f, -1.4f, 1.7f, -0.2f, 0, 0.95f);
        path.Close();
        return path;
    }

    private static SKPath Star() => Polygon(
        [.. Enumerable.Range(0, 10).Select(i =>
        {
            var radius = i % 2 == 0 ? 1.05f : 0.42f;
            var (sine, cosine) = MathF.SinCos(i * MathF.PI / 5);
            return (radius * sine, -radius * cosine);
        })]);

    // Both are let go of.
    private static SKPath Cut(SKPath path, SKPath hole)
    {
        using (path)
        using (hole)
            return path.Op(hole, SKPathOp.Difference);
    }

    private static SKPath Circle(float x, float y, float radius)
    {
        var path = new SKPath();
        path.AddCircle(x, y, radius);
        return path;
    }

    private static SKPath Polygon((float X, float Y)[] corners)
    {
        var path = new SKPath();
        path.AddPoly([.. corners.Select(corner => new SKPoint(corner.X, corner.Y))]);
        return path;
    }
}
