using System.CommandLine;
using MlNetAlexNet.Models;
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
        using var folder = new TemporaryFolder();
        var file = SmallStack.WriteTo(folder);
        var taken = new StartOptions { Stack = file, StackJson = File.ReadAllText(file) };
        Assert.AreEqual(taken, Apply(Preset, "--model", file));
        Assert.AreEqual(new StartOptions { Preset = "paper" }, Apply(taken, "--preset", "paper"));
    }

    [TestMethod]
    public void Apply_BiasAndWeights_AreAdded() => Assert.AreEqual(
        Preset with { InitialBias = 0.1, InitialWeights = "a.pth" },
        Apply(Preset, "--initial-bias", "0.1", "--initial-weights", "a.pth"));

    [TestMethod]
    public void Apply_SizeAndModeOfPictures_AreThoseOfTheRun()
    {
        var run = Run(Preset, "--image-size", "80", "--resize-mode", "squash");

        Assert.AreEqual((80, ImageResizeMode.Squash), (run.ImageSize, run.ResizeMode));
        Assert.AreEqual((null, null), (Run(Preset).ImageSize, Run(Preset).ResizeMode));
    }

    [TestMethod]
    public void Apply_WhatFineTuningTakes_IsInTheOptions()
    {
        var training = Run(
            Preset, "--freeze-until", "conv2d_5", "--frozen-views", "2", "--layer-rate", "dense_1=0.5", "--layer-rate", "dense_2=0.7").Training;

        Assert.AreEqual(("conv2d_5", 2), (training.FreezeUntil, training.FrozenViews));
        CollectionAssert.AreEquivalent(
            new Dictionary<string, double> { ["dense_1"] = 0.5, ["dense_2"] = 0.7 }, training.LayerRates!.ToDictionary());
    }

    [TestMethod]
    public void Apply_RenamedClasses_AreOfTheStart() => CollectionAssert.AreEquivalent(
        new Dictionary<string, string> { ["a"] = "b", ["c d"] = "e" },
        Apply(Preset, "--rename-class", "a=b", "--rename-class", "c d=e").RenamedClasses!.ToDictionary());

    // As those of the recipe fine-tune and flags do.
    [TestMethod]
    public void Apply_RatesOfAllAndOfSomeLayers_ReplaceEachOther()
    {
        var some = Run(Preset, "--layer-rate", "a=0.5").Training;
        Assert.AreEqual((0.5, 1.0), (some.LayerRates!["a"], some.InitialWeightsRate));
        Assert.AreEqual(0.1, Run(Preset, "--initial-weights-rate", "0.1").Training.InitialWeightsRate);
        Assert.IsEmpty(Parse("--layer-rate", "a=0.5").Errors);
        Assert.HasCount(1, Parse("--layer-rate", "a=0.5", "--initial-weights-rate", "0.1").Errors);

        static ParseResult Parse(params string[] flags)
        {
            var command = new Command("train");
            _ = new TrainFlags(command);
            return command.Parse(flags);
        }
    }

    private static StartOptions Apply(StartOptions before, params string[] flags) => Run(before, flags).Start;

    private static RunOptions Run(StartOptions before, params string[] flags)
    {
        var command = new Command("train");
        var train = new TrainFlags(command);
        return train.Apply(command.Parse(flags), new RunOptions { Data = "x", Start = before });
    }
}
