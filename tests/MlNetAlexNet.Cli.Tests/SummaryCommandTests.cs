using System.Text;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Cli.Tests;

[TestClass]
public sealed class SummaryCommandTests
{
    [TestMethod]
    public async Task Summary_TenClasses_PrintsTheTotals()
    {
        var result = await Invocation.Of("summary", "--classes", "10");

        Assert.AreEqual(0, result.ExitCode);
        StringAssert.Contains(result.Out, "Total params: 58,322,314\n");
        StringAssert.Contains(result.Out, "Multiply-adds of one picture: 1,131,201,056\n");
    }

    [TestMethod]
    public async Task Summary_OfAPreset_PrintsItAsPublished()
    {
        var result = await Invocation.Of("summary", "--preset", "paper", "--classes", "1000");

        Assert.AreEqual(0, result.ExitCode);
        StringAssert.Contains(result.Out, "local_response_normalization");
        StringAssert.Contains(result.Out, "dropout_2 (Dropout)");
        StringAssert.Contains(result.Out, "Total params: 60,965,224\n");
        StringAssert.Contains(result.Out, "Multiply-adds of one picture: 724,406,816\n");
    }

    [TestMethod]
    public async Task Summary_DropoutOfZero_LeavesThePresetsDropoutOut() => Assert.IsFalse(
        (await Invocation.Of("summary", "--preset", "torchvision", "--dropout", "0")).Out.Contains("Dropout"));

    [TestMethod]
    public async Task Summary_UnknownPreset_ListsTheKnownOnes()
    {
        var result = await Invocation.Of("summary", "--preset", "vgg");

        Assert.AreEqual(2, result.ExitCode);
        StringAssert.Contains(
            result.Error, "There is no preset 'vgg'. Known: keras, paper, torchvision, caffe, caffenet.");
    }

    [TestMethod]
    public async Task Summary_OfAFile_IsTheSameByEitherWord()
    {
        using var folder = new TemporaryFolder();
        var stack = folder.Write("stack.json", Encoding.UTF8.GetBytes(KerasConfig.ToJson(AlexNet.GetPreset("torchvision").Network(3, 0).Plan())));
        var plain = await Invocation.Of("summary", stack);

        StringAssert.Contains(plain.Out, "(None, 3)");
        Assert.AreEqual(plain.Out, (await Invocation.Of("summary", "--model", stack)).Out);
        foreach (var wrong in (string[][])[["--preset", "keras"], ["--classes", "3"], ["--stack", stack]])
        {
            var refused = await Invocation.Of(["summary", stack, .. wrong]);
            Assert.AreEqual(2, refused.ExitCode);
            StringAssert.Contains(refused.Error, $"{wrong[0]} and '{stack}' exclude each other");
        }
    }

    [TestMethod]
    public async Task Summary_WithDropout_ListsIt() =>
        StringAssert.Contains((await Invocation.Of("summary", "--dropout", "0.5")).Out, "dropout_2 (Dropout)");
}
