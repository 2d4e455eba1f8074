using System.CommandLine;
using MlNetAlexNet.Training.Runs;

namespace MlNetAlexNet.Cli.Tests;

[TestClass]
public sealed class TrainFlagsTests
{
    private static readonly StartOptions Stack = new() { Stack = "s.json" };
    private static readonly StartOptions Preset = new() { Preset = "caffe" };

    [TestMethod]
    public void Apply_NoFlag_ChangesNothing() => Assert.AreEqual(Preset, Apply(Preset));

    [TestMethod]
    public void Apply_PresetAndStack_ReplaceEachOther()
    {
        Assert.AreEqual(new StartOptions { Preset = "paper" }, Apply(Stack, "--preset", "paper"));
        Assert.AreEqual(Stack, Apply(Preset, "--model", "s.json"));
    }

    [TestMethod]
    public void Apply_BiasAndWeights_AreAdded() => Assert.AreEqual(
        Preset with { InitialBias = 0.1, InitialWeights = "a.pth" },
        Apply(Preset, "--initial-bias", "0.1", "--initial-weights", "a.pth"));

    private static StartOptions Apply(StartOptions before, params string[] flags)
    {
        var command = new Command("train");
        var train = new TrainFlags(command);
        return train.Apply(command.Parse(flags), new RunOptions { Data = "x", Start = before }).Start;
    }
}
