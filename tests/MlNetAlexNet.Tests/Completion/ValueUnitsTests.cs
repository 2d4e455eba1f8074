using MlNetAlexNet.Completion;

namespace MlNetAlexNet.Tests.Completion;

[TestClass]
public sealed class ValueUnitsTests
{
    public static IEnumerable<object?[]> AsTheyAre =>
    [
        ["ImageNet", Of(123.675f, 116.28f, 103.53f), Of(58.395f, 57.12f, 57.375f)],
        ["Caffe", Of(123, 117, 104), Of(1, 1, 1)],
        ["TensorFlow", Of(127.5f), Of(127.5f)],
        ["MXNet", Of(123.68f, 116.779f, 103.939f), Of(58.393f, 57.12f, 57.375f)],
        ["mean 0, deviation 128", Of(0, 0, 0), Of(128, 128, 128)],
        ["values as they are", Of(0, 0, 0), Of(1, 1, 1)],
        ["values from 0 to 1", Of(0, 0, 0), Of(255, 255, 255)],
        ["CIFAR-10 of bytes", Of(125.3f, 123, 113.9f), Of(63, 62.1f, 66.7f)],
        ["a mean alone", Of(123, 117, 104), null],
        ["a mean of 0 alone", Of(0), null],
        ["a deviation alone", null, Of(255)],
        ["a deviation of 1 alone", null, Of(1)],
        ["nothing", null, null],
    ];

    public static IEnumerable<object?[]> FromZeroToOne =>
    [
        ["ImageNet", Of(0.485f, 0.456f, 0.406f), Of(0.229f, 0.224f, 0.225f)],
        ["CLIP", Of(0.48145466f, 0.4578275f, 0.40821073f), Of(0.26862954f, 0.26130258f, 0.27577711f)],
        ["-1 to 1", Of(0.5f, 0.5f, 0.5f), Of(0.5f, 0.5f, 0.5f)],
        ["MNIST", Of(0.1307f), Of(0.3081f)],
        ["CIFAR-10", Of(0.4914f, 0.4822f, 0.4465f), Of(0.2023f, 0.1994f, 0.201f)],
        ["a dark blue", Of(0.5f, 0.4f, 0), Of(0.2f, 0.2f, 0.1f)],
    ];

    public static IEnumerable<object?[]> Either =>
    [
        ["a small mean alone", Of(0.485f, 0.456f, 0.406f), null],
        ["a small deviation alone", null, Of(0.229f, 0.224f, 0.225f)],
        ["a small mean that is not divided", Of(0.485f, 0.456f, 0.406f), Of(1, 1, 1)],
        ["a small deviation of a mean of 0", Of(0, 0, 0), Of(0.229f, 0.224f, 0.225f)],
        ["a small mean, a large deviation", Of(0.485f, 0.456f, 0.406f), Of(58.395f, 57.12f, 57.375f)],
        ["a large mean, a small deviation", Of(123.675f, 116.28f, 103.53f), Of(0.229f, 0.224f, 0.225f)],
        ["means of both", Of(0.485f, 116, 104), Of(0.229f, 0.224f, 0.225f)],
        ["deviations of both", Of(0.485f, 0.456f, 0.406f), Of(0.229f, 57, 57)],
        ["a mean of 1", Of(1), Of(1)],
    ];

    [TestMethod]
    [DynamicData(nameof(AsTheyAre))]
    public void Resolve_NumbersOfBytes_StayAsTheyAre(string what, float[]? mean, float[]? deviation)
    {
        var said = new List<string>();

        Assert.AreEqual((mean, deviation), ValueUnits.Resolve(mean, deviation, said), what);
        Assert.IsEmpty(said, what);
    }

    [TestMethod]
    [DynamicData(nameof(FromZeroToOne))]
    public void Resolve_NumbersFromZeroToOne_AreMultipliedAndSaid(string what, float[] mean, float[] deviation)
    {
        var said = new List<string>();

        var (meanOfBytes, deviationOfBytes) = ValueUnits.Resolve(mean, deviation, said);

        CollectionAssert.AreEqual(mean.Select(value => value * 255).ToArray(), meanOfBytes!.ToArray(), what);
        CollectionAssert.AreEqual(deviation.Select(value => value * 255).ToArray(), deviationOfBytes!.ToArray(), what);
        Assert.AreEqual("mean and deviation of values from 0 to 1, times 255", said.Single(), what);
    }

    [TestMethod]
    [DynamicData(nameof(Either))]
    public void Resolve_NumbersThatDisagree_AreRefusedWithBothReadings(string what, float[]? mean, float[]? deviation)
    {
        var message = Assert.ThrowsExactly<AlexNetException>(
            () => ValueUnits.Resolve(mean, deviation, []), what).Message;

        StringAssert.Contains(message, "of values from 0 to 255 as they are, or of values from 0 to 1", what);
    }

    [TestMethod]
    public void Resolve_SmallMeanAlone_NamesTheNumbersOfBothReadings()
    {
        using var comma = new DecimalComma();

        var message = Assert.ThrowsExactly<AlexNetException>(() => ValueUnits.Resolve([0.5f], [1], [])).Message;

        StringAssert.StartsWith(message, "Mean 0.5 with StandardDeviation 1 can be read in two ways");
        StringAssert.Contains(message, "Mean 127.5 with StandardDeviation 255");
    }

    private static float[] Of(params float[] values) => values;
}
