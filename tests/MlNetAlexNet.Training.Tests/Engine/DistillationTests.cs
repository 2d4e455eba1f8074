using Microsoft.ML;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Training.Data;
using MlNetAlexNet.Training.Engine;
using MlNetAlexNet.Training.Teachers;
using MlNetAlexNet.Training.Tests.Teachers;
using static TorchSharp.torch;

namespace MlNetAlexNet.Training.Tests.Engine;

[TestClass]
public sealed class DistillationTests
{
    private static readonly int[] s_rows = [4, 1, 7];

    // Cross-entropy of the teacher's probabilities, (T^2) times, and mean squared error of the mapped hidden layer.
    [TestMethod]
    [DataRow(0.7, 2.0, 0.0)]
    [DataRow(1.0, 1.0, 0.3)]
    [DataRow(0.0, 1.0, 2.0)]
    public void Extend_AnyWeights_IsTheSumByHand(double share, double temperature, double featureWeight)
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with
        {
            Teacher = TinyTeacher.Write(folder) with
            {
                Views = 2,
                PredictionWeight = share,
                Temperature = temperature,
                FeatureWeight = featureWeight,
            },
        };
        using var lessons = Prepare(options);
        using var network = Network();
        using var distillation = new Distillation(lessons, options, network, CPU, ScalarType.Float32);
        using var scope = NewDisposeScope();
        var (hidden, logits) = (randn([3, network.HiddenWidth]), randn([3, 3]));

        var cost = distillation.Extend(tensor(5f), hidden, logits, s_rows, view: 2, mixing: BatchMixing.Draw(new(), 1, 1, 28));

        var features = lessons.TakeFeatures(s_rows, 2);
        var probabilities = lessons.Predict(features, s_rows, temperature).data<float>().ToArray();
        var z = logits.data<float>().ToArray();
        var crossEntropy = Enumerable.Range(0, 3).Average(i =>
        {
            var row = z.Skip(3 * i).Take(3).Select(value => value / temperature).ToArray();
            var total = Math.Log(row.Sum(Math.Exp));
            return Enumerable.Range(0, 3).Sum(c => -probabilities[3 * i + c] * (row[c] - total));
        });
        var expected = 5 * (1 - share) + share * temperature * temperature * crossEntropy;
        if (featureWeight > 0)
        {
            var (kernel, bias) = (distillation.Parameters[0].Master, distillation.Parameters[1].Master);
            var mapped = hidden.matmul(kernel.t()) + bias;                              // 3 x 16
            expected += featureWeight * (mapped - features).square().mean().item<float>();
        }

        Assert.AreEqual(expected, cost.item<float>(), 1e-4);
        Assert.HasCount(featureWeight > 0 ? 2 : 0, distillation.Parameters);
    }

    [TestMethod]
    public void Extend_MixedPictures_MixesWhatTheTeacherSays()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder) with
        {
            Augmentation = new() { Mixup = 1 },
            Teacher = TinyTeacher.Write(folder) with { Views = 1, PredictionWeight = 1, FeatureWeight = 0 },
        };
        using var lessons = Prepare(options);
        using var network = Network();
        using var distillation = new Distillation(lessons, options, network, CPU, ScalarType.Float32);
        using var scope = NewDisposeScope();
        var logits = randn([3, 3]);
        var mixing = BatchMixing.Draw(options.Augmentation, seed: 1, step: 3, side: 28);
        var share = mixing.Cost(tensor(new float[] { 1, 0 }), of => of[0]).item<float>(); // of a picture itself
        Assert.IsTrue(share is > 0.01f and < 0.99f);

        var mixed = distillation.Extend(tensor(0f), logits, logits, s_rows, 1, mixing).item<float>();
        var own = Of(s_rows);
        var other = Of([.. s_rows.Reverse()]);

        Assert.AreEqual(share * own + (1 - share) * other, mixed, 1e-5f);

        float Of(int[] rows)
        {
            var said = lessons.Predict(lessons.TakeFeatures(rows, 1), rows, 1);          // 3 x 3
            return -(said * logits.log_softmax(1)).sum([1]).mean().item<float>();
        }
    }

    private static TrainingOptions Options(TemporaryFolder folder) =>
        TinyPictures.Options with { Teacher = TinyTeacher.Write(folder), Augmentation = new() };

    private static TorchNetwork Network()
    {
        var plan = TinyPictures.Network(3, 0.2).Plan();
        return new(plan, WeightInitializer.HeNormal(plan, new Random(1)), TinyTeacher.Model.Preprocessing, CPU, ScalarType.Float32);
    }

    private static TeacherLessons Prepare(TrainingOptions options)
    {
        using var pixels = PixelReader.Read(
            TinyPictures.Data(new MLContext(1), TinyPictures.Rows(12, seed: 1)), "Pixels", "Label", TinyPictures.Classes, default);
        using var teacher = new TeacherNetwork(options.Teacher!);
        return TeacherLessons.Prepare(teacher, new(pixels, [.. Enumerable.Range(0, 12)]), 28, 3, options, new()).Lessons;
    }
}
