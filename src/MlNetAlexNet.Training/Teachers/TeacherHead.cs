using MlNetAlexNet.Training.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Teachers;

/// <summary>
/// Linear layers from a teacher's features to the classes, on the processor. What is said of a picture is said by the layer
/// that has not learnt from it (out of fold): answers to what is known by heart would teach nothing. Of a picture that none
/// has learnt from all of them say it, and of the only picture of a class, which all have learnt from: who has not does not know
/// the class.
/// </summary>
internal sealed class TeacherHead : IDisposable
{
    private const int Folds = 5;

    // All in memory: views of pictures, and of these, numbers of all features and classes.
    private const int MostSamples = 50_000;
    private const int MostNumbers = 30_000_000;

    // Weight of the squares of the kernel, steps and learning rate: of a trial with 2,700 photographs, 5 views of each.
    private const double Decay = 1e-3;
    private const int Steps = 250;
    private const double LearningRate = 0.01;

    private readonly Dictionary<int, int> _foldOf = [];
    private readonly List<(Tensor Kernel, Tensor Bias)> _layers = []; // width x classes, classes

    /// <param name="features">What the teacher gives.</param>
    /// <param name="views">Of each picture.</param>
    /// <param name="pictures">Those it has seen; of class -1 where there is no label.</param>
    /// <param name="classes">How many there are.</param>
    /// <param name="seed">Of the training.</param>
    /// <param name="cancel">Ends the fitting.</param>
    /// <param name="progress">Is told of each step. Default: nobody is.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TeacherHead(
        TeacherFeatures features, int views, PixelRows pictures, int classes, int seed, CancellationToken cancel,
        IProgress<TrainingProgress>? progress = null)
    {
        using var scope = NewDisposeScope();
        var labels = pictures.Set.Labels;
        var samples = Math.Clamp(MostNumbers / Math.Max(classes, features.Width), 1, MostSamples);
        int[] rows =
        [
            .. pictures.Rows.Where(row => labels[row] >= 0)
                .OrderBy(row => new PictureRandom(seed, epoch: 0, row).NextBits()).Take(samples),
        ];
        foreach (var ofClass in rows.GroupBy(row => labels[row]).Where(ofClass => ofClass.Skip(1).Any()))
        {
            foreach (var (rank, row) in ofClass.Index())
                _foldOf[row] = rank % Folds;
        }

        int[] seen = [.. Enumerable.Range(1, Math.Clamp(samples / rows.Length, 1, views))];
        var values = cat([.. seen.Select(view => features.Take(rows, view))]);                // (seen rows) x width
        var answers = tensor(rows.Select(row => (long)labels[row]).ToArray()).repeat(seen.Length);  // (seen rows)
        var folds = tensor(rows.Select(row => (long)_foldOf.GetValueOrDefault(row, -1)).ToArray()).repeat(seen.Length);   // (seen rows)
        try
        {
            for (var fold = 0; fold < Folds; fold++)
            {
                using var each = NewDisposeScope();
                var others = folds.ne(fold).nonzero().squeeze(1);                             // samples of the other folds
                var (kernel, bias) = Fit(values.index_select(0, others), answers.index_select(0, others), classes, Tell, cancel);
                _layers.Add((kernel.DetachFromDisposeScope(), bias.DetachFromDisposeScope()));
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        void Tell(int step) => progress?.Report(new TeacherLearning(_layers.Count * Steps + step, Folds * Steps));
    }

    /// <summary>The probabilities of the classes.</summary>
    /// <param name="features">rows x width.</param>
    /// <param name="rows">The pictures.</param>
    /// <param name="temperature">By what the logits are divided.</param>
    /// <returns>rows x classes.</returns>
    public Tensor Predict(Tensor features, IReadOnlyList<int> rows, double temperature)
    {
        var all = stack(_layers.Select(layer =>
            (features.matmul(layer.Kernel) + layer.Bias).div_(temperature).softmax(1)));      // folds x rows x classes
        float[] shares =
        [
            .. from layer in Enumerable.Range(0, Folds)
               from row in rows
               select !_foldOf.TryGetValue(row, out var fold) ? 1f / Folds : fold == layer ? 1 : 0,
        ];
        return (all * tensor(shares).reshape(Folds, rows.Count, 1)).sum([0]);                 // rows x classes
    }

    public void Dispose()
    {
        foreach (var (kernel, bias) in _layers)
        {
            kernel.Dispose();
            bias.Dispose();
        }
    }

    // Multinomial logistic regression. Features: samples x width; answers: samples.
    private static (Tensor Kernel, Tensor Bias) Fit(
        Tensor features, Tensor answers, int classes, Action<int> tell, CancellationToken cancel)
    {
        var kernel = new Parameter(zeros(features.shape[1], classes));                        // width x classes
        var bias = new Parameter(zeros(classes));                                             // classes
        using var adam = optim.Adam([kernel, bias]);
        for (var step = 0; step < Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            foreach (var group in adam.ParamGroups)
                group.LearningRate = LearningRate * (1 - (double)step / Steps);
            var logits = features.matmul(kernel) + bias;                                      // samples x classes
            var cost = nn.functional.cross_entropy(logits, answers) + Decay * kernel.square().sum();
            adam.zero_grad();
            cost.backward();
            adam.step();
            tell(step + 1);
        }

        return (kernel.detach(), bias.detach());
    }
}
