using MlNetAlexNet.Training.Data;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Teachers;

/// <summary>All that a teacher says of the pictures of a training, computed before it begins.</summary>
internal sealed class TeacherLessons : IDisposable
{
    private readonly TeacherViews _views;
    private readonly TeacherHead _head;

    private TeacherLessons(TeacherViews views, TeacherHead head) => (_views, _head) = (views, head);

    /// <summary>Features of a view.</summary>
    public int Width => _views.Width;

    /// <param name="pictures">Those to learn from; of class -1 where there is no label.</param>
    /// <param name="side">Of the squares that are learnt, in pixels.</param>
    /// <param name="classes">How many there are.</param>
    /// <param name="options">Of the training, with a teacher.</param>
    /// <param name="observation">Of the training.</param>
    /// <returns>The lessons, and the pictures, each with a label: where there was none, the class that the teacher finds most probable.</returns>
    /// <exception cref="AlexNetException">There is no such teacher, or it cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (TeacherLessons Lessons, PixelRows Pictures) Prepare(
        PixelRows pictures, int side, int classes, TrainingOptions options, TrainingObservation observation)
    {
        var teacher = options.Teacher!;
        var start = observation.Clock.GetTimestamp();
        using var network = new TeacherNetwork(teacher);
        var views = TeacherViews.Compute(network, pictures, side, Math.Min(teacher.Views, options.Epochs), options, observation);
        try
        {
            var head = new TeacherHead(views, pictures, classes, options.Seed, observation.CancellationToken);
            var lessons = new TeacherLessons(views, head);
            var (labels, accuracy) = lessons.Label(pictures);
            observation.Progress?.Report(new TeacherReady(
                network.Name, network.Width, views.Views, accuracy, observation.Clock.GetElapsedTime(start).TotalSeconds));
            return (lessons, pictures with { Set = pictures.Set with { Labels = labels } });
        }
        catch
        {
            views.Dispose();
            throw;
        }
    }

    /// <summary>The view that an epoch, from 1, takes of every picture.</summary>
    public int ViewOf(int epoch) => 1 + (epoch - 1) % _views.Views;

    /// <inheritdoc cref="TeacherHead.TakeFeatures"/>
    public Tensor TakeFeatures(IReadOnlyList<int> rows, int view) => _head.TakeFeatures(rows, view);

    /// <inheritdoc cref="TeacherHead.TakeProbabilities"/>
    public Tensor TakeProbabilities(Tensor features, IReadOnlyList<int> rows, double temperature) =>
        _head.TakeProbabilities(features, rows, temperature);

    public void Dispose()
    {
        _head.Dispose();
        _views.Dispose();
    }

    // By the mean over the views of those without a label; of those with one, how many the first view has right.
    private (int[] Labels, double Accuracy) Label(PixelRows pictures)
    {
        const int Together = 1024;
        int[] labels = [.. pictures.Set.Labels];
        var (right, labelled) = (0, 0);
        foreach (var rows in pictures.Rows.Chunk(Together))
        {
            using var scope = NewDisposeScope();
            var first = Predict(rows, 1);                                                  // rows x classes
            var found = first.argmax(1).data<long>().ToArray();
            right += rows.Index().Count(row => labels[row.Item] == found[row.Index]);
            labelled += rows.Count(row => labels[row] >= 0);
            int[] unknown = [.. rows.Where(row => labels[row] < 0)];
            if (unknown.Length == 0)
                continue;

            var said = Enumerable.Range(1, _views.Views).Select(view => Predict(unknown, view)).Aggregate((sum, of) => sum + of)
                .argmax(1).data<long>().ToArray();
            foreach (var (index, row) in unknown.Index())
                labels[row] = (int)said[index];
        }

        return (labels, (double)right / Math.Max(1, labelled));

        Tensor Predict(int[] rows, int view) => TakeProbabilities(TakeFeatures(rows, view), rows, temperature: 1);
    }
}
