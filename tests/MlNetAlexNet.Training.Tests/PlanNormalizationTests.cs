using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Tests;

[TestClass]
public sealed class PlanNormalizationTests
{
    [TestMethod]
    public void WithBatchNormalization_LayerCalledAsOne_KeepsItsBias()
    {
        var plan = new Sequential(TensorShape.Image(4, 4, 3))
        {
            new Flatten(),
            new Dense(2) { Name = "my_normalization_1" },
            new Dense(2, Activation.Softmax),
        }.Plan();
        var weights = WeightInitializer.Krizhevsky(plan, new Random(1), bias: 0.5);
        var normalized = plan.WithBatchNormalization();
        CollectionAssert.AreEqual(
            (float[])[0.5f, 0.5f], weights.WithBatchNormalization(normalized)["my_normalization_1_normalization/beta"].Values);
    }

    [TestMethod]
    public void WithBatchNormalization_ReferenceStack_NormalizesAllLayersButTheLast()
    {
        var plan = AlexNet.Keras(10, dropout: 0.5).Plan();
        var normalized = plan.WithBatchNormalization();
        Assert.AreEqual(7, normalized.Count(planned => planned.Layer is BatchNormalization));
        Assert.IsInstanceOfType<Dense>(normalized[^1].Layer);
        Assert.IsTrue(normalized.Where(planned => planned.Layer is WeightedLayer).SkipLast(1)
            .All(planned => planned.Layer is WeightedLayer { UseBias: false, Activation: Activation.Linear }));

        // Per channel: no bias any more, but gamma and beta to train.
        Assert.AreEqual(plan.Parameters + (96 + 256 + 384 + 384 + 256 + 4096 + 4096), normalized.TrainableParameters);
        Assert.AreSame(normalized, Again(normalized));

        static LayerPlan Again(LayerPlan plan)
        {
            var again = plan.WithBatchNormalization();
            return again.Select(planned => planned.Layer).SequenceEqual(plan.Select(planned => planned.Layer)) ? plan : again;
        }
    }
}
