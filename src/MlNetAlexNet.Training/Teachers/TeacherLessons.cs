using MlNetAlexNet.Training.Data;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Teachers;

/// <summary>All that a teacher says of the pictures of a training, computed before it begins.</summary>
internal sealed class TeacherLessons : IDisposable
{
    // Pictures whose probabilities are computed at a time.
    private const int Together = 1024;

    private readonly TeacherViews _views;
    private readonly TeacherFeatures _features;
    private readonly TeacherHead? _head;

    private TeacherLessons(TeacherViews views, TeacherFeatures features, TeacherHead? head) =>
        (_views, _features, _head) = (views, features, head);

    /// <summary>Features of a view.</summary>
    public int Width => _features.Width;

    /// <summary>Whether it knows the classes; else features are all there is to learn.</summary>
    public bool KnowsClasses => _head is not null;

    /// <summary>For a training that learns classes.</summary>
    /// <param name="network">The teacher.</param>
    /// <param name="pictures">Those to learn from; of class -1 where there is no label.</param>
    /// <param name="side">Of the squares that are learnt, in pixels.</param>
    /// <param name="classes">How many there are.</param>
    /// <param name="options">Of the training, with a teacher.</param>
    /// <param name="observation">Of the training.</param>
    /// <returns>The lessons, and the pictures, each with a label: where there was none, the class that the teacher finds most probable.</returns>
    /// <exception cref="AlexNetException">It cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (TeacherLessons Lessons, PixelRows Pictures) Prepare(
        TeacherNetwork network, PixelRows pictures, int side, int classes, TrainingOptions options, TrainingObservation observation)
    {
        return Prepare(network, pictures, side, options, observation, views =>
        {
            var features = new TeacherFeatures(views, pictures.Rows);
            TeacherHead? head = null;
            try
            {
                head = new TeacherHead(features, views.Views, pictures, classes, options.Seed, observation.CancellationToken, observation.Progress);
                var lessons = new TeacherLessons(views, features, head);
                var (labels, accuracy) = lessons.Label(pictures, head);
                return (lessons, labels, accuracy);
            }
            catch
            {
                head?.Dispose();
                features.Dispose();
                throw;
            }
        });
    }

    /// <summary>For a training of a network whose outputs are the features: no classes, no labels.</summary>
    /// <returns>The lessons, and the pictures, all of class 0.</returns>
    /// <inheritdoc cref="Prepare(TeacherNetwork, PixelRows, int, int, TrainingOptions, TrainingObservation)"/>
    public static (TeacherLessons Lessons, PixelRows Pictures) PrepareFeatures(
        TeacherNetwork network, PixelRows pictures, int side, TrainingOptions options, TrainingObservation observation) =>
        Prepare(network, pictures, side, options, observation, views => (
            new TeacherLessons(views, new TeacherFeatures(views, pictures.Rows), head: null),
            new int[pictures.Set.Labels.Count],
            null));

    /// <summary>The view that an epoch, from 1, takes of every picture.</summary>
    public int ViewOf(int epoch) => TrainingOptions.ChooseView(epoch, _views.Views);

    /// <inheritdoc cref="TeacherFeatures.Take"/>
    public Tensor TakeFeatures(IReadOnlyList<int> rows, int view) => _features.Take(rows, view);

    /// <inheritdoc cref="TeacherHead.Predict"/>
    public Tensor Predict(Tensor features, IReadOnlyList<int> rows, double temperature) =>
        (_head ?? throw new InvalidOperationException("The classes are not known.")).Predict(features, rows, temperature);

    public void Dispose()
    {
        _head?.Dispose();
        _features.Dispose();
        _views.Dispose();
    }

    private static (TeacherLessons Lessons, PixelRows Pictures) Prepare(
        TeacherNetwork network, PixelRows pictures, int side, TrainingOptions options, TrainingObservation observation,
        Func<TeacherViews, (TeacherLessons Lessons, int[] Labels, double? Accuracy)> learn)
    {
        var start = observation.Clock.GetTimestamp();
        var views = TeacherViews.Compute(network, pictures, side, options, observation);
        try
        {
            var (lessons, labels, accuracy) = learn(views);
            observation.Progress?.Report(new TeacherReady(
                network.Name, network.Width, views.Views, accuracy, observation.Clock.GetElapsedTime(start).TotalSeconds)
            {
                IsNormalizationAssumed = network.IsAssumed,
            });
            return (lessons, pictures with { Set = pictures.Set with { Labels = labels } });
        }
        catch
        {
            views.Dispose();
            throw;
        }
    }

    // By the mean over the views of those without a label; of those with one, the share that the first view has right.
    private (int[] Labels, double Accuracy) Label(PixelRows pictures, TeacherHead head)
    {
        int[] labels = [.. pictures.Set.Labels];
        int[] known = [.. pictures.Rows.Where(row => labels[row] >= 0)];
        var right = known.Chunk(Together).Sum(rows => rows.Zip(Find(rows, [1]), (row, found) => labels[row] == found ? 1 : 0).Sum());
        int[] all = [.. Enumerable.Range(1, _views.Views)];
        foreach (var rows in pictures.Rows.Where(row => labels[row] < 0).ToArray().Chunk(Together))
        {
            foreach (var (row, found) in rows.Zip(Find(rows, all)))
                labels[row] = found;
        }

        return (labels, (double)right / known.Length);

        int[] Find(int[] rows, int[] views)
        {
            using var scope = NewDisposeScope();
            return
            [
                .. views.Select(view => head.Predict(_features.Take(rows, view), rows, temperature: 1)) // rows x classes
                    .Aggregate((sum, next) => sum.add_(next)).argmax(1).data<long>().Select(found => (int)found),
            ];
        }
    }
}
