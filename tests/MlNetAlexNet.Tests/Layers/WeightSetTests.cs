using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Tests.Layers;

[TestClass]
public sealed class WeightSetTests
{
    private static readonly LayerPlan s_plan = new Sequential(TensorShape.Vector(3)) { new Dense(2) }.Plan();

    [TestMethod]
    public void RequireFit_ExactlyThePlansWeights_IsSilent() => Set().RequireFit(s_plan);

    [TestMethod]
    public void RequireFit_OneMissing_NamesItAndItsShape() => Refuses(
        "The weights lack 'dense_1/bias' (2), which the stack needs.", weights => weights.Remove("dense_1/bias"));

    [TestMethod]
    public void RequireFit_Transposed_NamesBothShapes() => Refuses(
        "Weight 'dense_1/kernel' is 3 x 2 with 6 values; the stack needs 2 x 3.",
        weights => weights["dense_1/kernel"] = new Weight([3, 2], new float[6]));

    [TestMethod]
    public void RequireFit_TooFewValues_SaysHowMany() => Refuses(
        "Weight 'dense_1/kernel' is 2 x 3 with 5 values; the stack needs 2 x 3.",
        weights => weights["dense_1/kernel"] = new Weight([2, 3], new float[5]));

    [TestMethod]
    public void RequireFit_OneTooMany_NamesIt() => Refuses(
        "The weights hold 'dense_2/bias', which the stack does not have.",
        weights => weights["dense_2/bias"] = new Weight([2], new float[2]));

    private static Dictionary<string, Weight> Weights() => new()
    {
        ["dense_1/kernel"] = new Weight([2, 3], new float[6]),
        ["dense_1/bias"] = new Weight([2], new float[2]),
    };

    private static WeightSet Set() => new(Weights());

    private static void Refuses(string message, Action<Dictionary<string, Weight>> spoil)
    {
        var weights = Weights();
        spoil(weights);
        Assert.AreEqual(
            message, Assert.ThrowsExactly<AlexNetException>(() => new WeightSet(weights).RequireFit(s_plan)).Message);
    }
}
