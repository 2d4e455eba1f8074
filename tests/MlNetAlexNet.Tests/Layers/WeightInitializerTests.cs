using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class WeightInitializerTests
{
    private static readonly LayerPlan s_plan = new Sequential(TensorShape.Image(16, 16, 4))
    {
        new Conv2D(64, 7, groups: 2), new Flatten(), new Dense(100), new Dropout(), new Dense(101, Activation.Softmax),
    }.Plan();

    [TestMethod]
    public void HeNormal_AnyPlan_FitsIt() => Draw(1).RequireFit(s_plan);

    [TestMethod]
    public void HeNormal_OneSeed_GivesTheSameWeights()
    {
        CollectionAssert.AreEqual(Draw(7)["dense_1/kernel"].Values, Draw(7)["dense_1/kernel"].Values);
        CollectionAssert.AreNotEqual(Draw(7)["dense_1/kernel"].Values, Draw(8)["dense_1/kernel"].Values);
    }

    // Deviations by hand: sqrt(2 / inputs), with 4 / 2 channels x 7 x 7 = 98 and 64 x 10 x 10 = 6400 inputs.
    // An estimate from n values errs by 1 / sqrt(2 n) of itself: 0.9% for 6,272 and for 10,100 values.
    [TestMethod]
    [DataRow("conv2d_1/kernel", 0.142857)]
    [DataRow("dense_1/kernel", 0.0176777)]
    [DataRow("dense_2/kernel", 0.01)]
    public void HeNormal_Kernel_HasItsDeviationAndMeanZero(string key, double deviation)
    {
        var values = Draw(1)[key].Values;
        var mean = values.Average(value => (double)value);
        var measured = Math.Sqrt(values.Average(value => (double)value * value));

        Assert.AreEqual(1, measured / deviation, 0.04, key);
        Assert.AreEqual(0, mean / deviation, 5 / Math.Sqrt(values.Length), key);
    }

    // A normal variable is within one deviation 68.3% of the time, within two 95.4%.
    [TestMethod]
    public void HeNormal_Kernel_IsNormal()
    {
        var values = Draw(1)["dense_1/kernel"].Values;
        double Within(double deviations) =>
            values.Count(value => Math.Abs(value) < deviations * 0.0176777) / (double)values.Length;

        Assert.AreEqual(0.683, Within(1), 0.005);
        Assert.AreEqual(0.954, Within(2), 0.005);
    }

    [TestMethod]
    [DataRow("conv2d_1/bias")]
    [DataRow("dense_1/bias")]
    [DataRow("dense_2/bias")]
    public void HeNormal_Bias_IsZero(string key) => Assert.IsTrue(Draw(1)[key].Values.All(value => value == 0));

    // Keras' initializers of BatchNormalization: ones, zeros, zeros, ones.
    [TestMethod]
    public void Draw_BatchNormalization_StartsAsTheIdentity()
    {
        var plan = new Sequential(TensorShape.Image(4, 4, 3))
        {
            new Conv2D(5, 3), new BatchNormalization(), new Flatten(), new BatchNormalization(center: false), new Dense(2),
            new BatchNormalization(scale: false),
        }.Plan();

        foreach (var weights in (WeightSet[])
            [WeightInitializer.HeNormal(plan, new Random(1)), WeightInitializer.Krizhevsky(plan, new Random(1))])
        {
            weights.RequireFit(plan);
            foreach (var (key, weight) in weights.Where(weight => weight.Key.StartsWith("batch", StringComparison.Ordinal)))
            {
                var expected = key.Split('/')[1] is "gamma" or "moving_variance" ? 1 : 0;
                Assert.IsTrue(weight.Values.All(value => value == expected), key);
            }
        }
    }

    [TestMethod]
    public void HeNormal_StackWithoutWeights_IsEmpty() => Assert.IsEmpty(
        WeightInitializer.HeNormal(new Sequential(TensorShape.Image(2, 2, 1)) { new Flatten() }.Plan(), new Random(1)));

    private static WeightSet Draw(int seed) => WeightInitializer.HeNormal(s_plan, new Random(seed));
}
