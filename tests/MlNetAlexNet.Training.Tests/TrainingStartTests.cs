using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Tests;

[TestClass]
public sealed class TrainingStartTests
{
    private static readonly TrainingOptions Options = new() { Seed = 7 };

    [TestMethod]
    public void FromModel_SameClasses_KeepsEveryWeight()
    {
        var model = Model("a", "b");

        var start = TrainingStart.FromModel(model).Resolve(["a", "b"], Form(256), Options);

        Assert.AreSame(model.Weights, start.Model.Weights);
        Assert.AreEqual(model.Preprocessing, start.Model.Preprocessing);
        Assert.IsFalse(start.MeasuresPictures);
        Assert.IsNull(start.Classes.NewLastLayer);
    }

    [TestMethod]
    public void Resolve_Views_AreThoseOfTheOptionsElseOfTheModel()
    {
        var start = TrainingStart.FromModel(Model("a", "b").WithViews(ScoringViews.Mirrored));

        Assert.AreEqual(ScoringViews.Mirrored, Views(start, null));
        Assert.AreEqual(ScoringViews.Middle, Views(start, ScoringViews.Middle));
        Assert.AreEqual(ScoringViews.TenCrops, Views(TrainingStart.FromPreset(), ScoringViews.TenCrops));
        Assert.AreEqual(ScoringViews.Middle, Views(TrainingStart.FromPreset(), null));

        static ScoringViews Views(TrainingStart start, ScoringViews? views) =>
            start.Resolve(["a", "b"], Form(256), Options with { Views = views }).Model.Preprocessing.Views;
    }

    [TestMethod]
    public void Resolve_ViewsThatMirrorWhereNothingIsMirrored_AreRefusedUnlessTheyWereNotAskedFor()
    {
        var options = Options with { Augmentation = new() { Flip = false } };
        var plain = Options with { Augmentation = Augmentation.None };

        foreach (var views in (ScoringViews[])[ScoringViews.Mirrored, ScoringViews.TenCrops])
        {
            var start = TrainingStart.FromModel(Model("a", "b").WithViews(views));
            var fault = Assert.Throws<AlexNetException>(() => start.Resolve(["a", "b"], Form(256), options));
            Assert.AreEqual("Views.Middle", fault.Option);
            Assert.AreEqual(views, start.Resolve(["a", "b"], Form(256), plain).Model.Preprocessing.Views); // sides are not said to matter
            Assert.AreEqual(
                ScoringViews.Middle,
                start.Resolve(["a", "b"], Form(256), options with { Views = ScoringViews.Middle }).Model.Preprocessing.Views);
            StringAssert.StartsWith((options with { Views = views }).ListFaults(hasValidation: true).Single(), $"Views is {views}, which has mirror images");
            Assert.IsEmpty((plain with { Views = views }).ListFaults(hasValidation: true));
        }
    }

    [TestMethod]
    public void Resolve_MeanImage_IsMeasuredForRandomWeightsAndElseTheModels()
    {
        var options = Options with { MeanImage = true };
        var plain = Model("a", "b");
        var own = new TrainedModel(
            plain.Plan, plain.Weights, plain.Preprocessing.WithMeanImage(new float[3 * 256 * 256]), plain.Classes);

        Assert.IsTrue(Resolve(TrainingStart.FromPreset(), options).MeasuresMeanImage);
        Assert.IsFalse(Resolve(TrainingStart.FromPreset(), Options).MeasuresMeanImage);
        foreach (var given in (TrainingOptions[])[Options, options])
        {
            var start = Resolve(TrainingStart.FromModel(own), given);
            Assert.IsFalse(start.MeasuresMeanImage);
            Assert.AreSame(own.Preprocessing.MeanImage, start.Model.Preprocessing.MeanImage);
        }

        AssertRefused("MeanImage is for random weights", TrainingStart.FromModel(plain), options);
        var jitter = new Augmentation { ColorJitter = 0.2 };
        AssertRefused("A mean image is subtracted of pixels in their places", TrainingStart.FromPreset(), options with { Augmentation = jitter });
        AssertRefused("A mean image is subtracted of pixels in their places", TrainingStart.FromModel(own), Options with { Augmentation = jitter });

        static StartingModel Resolve(TrainingStart start, TrainingOptions options) => start.Resolve(["a", "b"], Form(256), options);

        static void AssertRefused(string reason, TrainingStart start, TrainingOptions options) =>
            StringAssert.Contains(Assert.ThrowsExactly<AlexNetException>(() => Resolve(start, options)).Message, reason);
    }

    [TestMethod]
    public void FromModel_OtherClasses_ReplacesTheLastLayerAlone()
    {
        var model = Model("a", "b");

        var start = TrainingStart.FromModel(model).Resolve(["c", "d", "e"], Form(256), Options);

        var weights = start.Model.Weights;
        Assert.AreEqual("dense_2", start.Classes.NewLastLayer);
        Assert.AreSame(model.Weights["dense_1/kernel"], weights["dense_1/kernel"]);
        CollectionAssert.AreEqual(new[] { 3, 16 }, weights["dense_2/kernel"].Dimensions.ToArray());
        var deviation = Math.Sqrt(weights["dense_2/kernel"].Values.Average(value => (double)value * value));
        Assert.AreEqual(WeightInitializer.LastLayerDeviation, deviation, 0.004);
    }

    [TestMethod]
    public void FromModel_ClassesInAnotherOrder_HasItsOutputsInIt()
    {
        var model = Model("a", "b");

        var start = TrainingStart.FromModel(model).Resolve(["b", "a"], Form(256), Options);

        var (kernel, old) = (start.Model.Weights["dense_2/kernel"].Values, model.Weights["dense_2/kernel"].Values);
        Assert.IsTrue(start.Classes.IsReordered);
        Assert.IsNull(start.Classes.NewLastLayer);
        CollectionAssert.AreEqual(old[16..], kernel[..16]);
        CollectionAssert.AreEqual(old[..16], kernel[16..]);
        Assert.AreSame(model.Weights["dense_1/kernel"], start.Model.Weights["dense_1/kernel"]);
    }

    [TestMethod]
    public void FromModel_OtherClassesThroughANormalization_ReplacesItToo()
    {
        var stack = new Sequential(TensorShape.Image(28, 28, 3))
        {
            new Conv2D(2, 9, strides: 9), new Flatten(), new Dense(2), new BatchNormalization(), new ActivationLayer(Activation.Softmax),
        };

        var start = TrainingStart.FromModel(Model(stack, "a", "b")).Resolve(["c", "d", "e"], Form(256), Options);

        CollectionAssert.AreEqual(new[] { 3 }, start.Model.Weights["batch_normalization_1/gamma"].Dimensions.ToArray());
    }

    [TestMethod]
    public void FromModel_PicturesOfAnotherSize_IsRefused() => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(
            () => TrainingStart.FromModel(Model("a", "b")).Resolve(["a", "b"], Form(300), Options)).Message,
        "LoadPixels(256, ImageResizeMode.Crop)");

    [TestMethod]
    public void FromModel_WithoutADenseLayer_HasNewFiltersForOtherClasses()
    {
        var stack = new Sequential(TensorShape.Image(28, 28, 3))
        {
            new Conv2D(2, 1), new AdaptiveAveragePooling2D(1), new Flatten(), new ActivationLayer(Activation.Softmax),
        };
        var start = TrainingStart.FromModel(Model(stack, "a", "b"));

        Assert.HasCount(4, start.Resolve(["a", "b"], Form(256), Options).Model.Plan);
        Assert.AreEqual(3, start.Resolve(["c", "d", "e"], Form(256), Options).Model.Plan.Output.Channels);
    }

    [TestMethod]
    public void FromModel_WhoseLastUnitsAreMixed_IsRefusedForOtherClassesAlone()
    {
        var stack = new Sequential(TensorShape.Image(28, 28, 3))
        {
            new Conv2D(2, 28, groups: 1), new LocalResponseNormalization(), new Flatten(), new ActivationLayer(Activation.Softmax),
        };
        var start = TrainingStart.FromModel(Model(stack, "a", "b"));

        Assert.HasCount(4, start.Resolve(["a", "b"], Form(256), Options).Model.Plan);
        Refused(start, ["a", "c"], "mixes the outputs before it");
    }

    // A row of the kernel and a number of the bias belong to a class.
    [TestMethod]
    [DataRow("a,b,c,d", "d", "")]
    [DataRow("d,c,a", "d", "b")]
    [DataRow("b,c", "", "a")]
    public void FromModel_SomeOfItsClasses_KeepsTheirUnitsAlone(string classes, string added, string dropped)
    {
        var names = classes.Split(',');
        var model = Model(TinyPictures.Network(3, 0), "a", "b", "c");
        model.Weights["dense_2/bias"].Values.AsSpan().Fill(7);

        var start = TrainingStart.FromModel(model).Resolve(names, Form(256), Options);

        var (kernel, bias) = (start.Model.Weights["dense_2/kernel"].Values, start.Model.Weights["dense_2/bias"].Values);
        for (var i = 0; i < names.Length; i++)
        {
            var row = kernel[(i * 16)..(i * 16 + 16)];
            if ("abc".IndexOf(names[i], StringComparison.Ordinal) is var old and >= 0)
            {
                CollectionAssert.AreEqual(model.Weights["dense_2/kernel"].Values[(old * 16)..(old * 16 + 16)], row);
                Assert.AreEqual(7f, bias[i]);
            }
            else
            {
                Assert.AreEqual(WeightInitializer.LastLayerDeviation, Math.Sqrt(row.Average(value => (double)value * value)), 0.006);
                Assert.AreEqual(0f, bias[i]);
            }
        }

        Assert.AreEqual((added, dropped), (string.Join(',', start.Classes.Added), string.Join(',', start.Classes.Dropped)));
        Assert.IsNull(start.Classes.NewLastLayer);
        Assert.IsFalse(start.Classes.IsReordered);
        Assert.AreSame(model.Weights["dense_1/kernel"], start.Model.Weights["dense_1/kernel"]);
    }

    [TestMethod]
    public void FromPreset_InitialBias_ReplacesTheOnesAlone()
    {
        var start = TrainingStart.FromPreset("paper", initialBias: 0.1).Resolve(["a", "b"], Form(256), Options).Model;

        var biases = start.Plan.Where(layer => layer.Weights.Count == 2)
            .Select(layer => start.Weights[$"{layer.Name}/bias"].Values).ToList();
        CollectionAssert.AreEqual(new[] { 0, 0.1f, 0, 0.1f, 0.1f, 0.1f, 0.1f, 0 }, biases.Select(bias => bias[0]).ToArray());
        Assert.IsTrue(biases.All(bias => bias.Distinct().Count() == 1));
    }

    [TestMethod]
    [DataRow("keras")]
    [DataRow("torchvision")]
    public void FromPreset_InitialBiasOfAPresetWithoutOne_IsRefused(string name) => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => TrainingStart.FromPreset(name, initialBias: 0.1)).Message,
        $"every bias of the preset '{name}' starts at 0. Leave it out, or take paper, caffe, caffenet.");

    [TestMethod]
    public void FromPreset_ByName_StartsAsItsAuthorsDid()
    {
        var start = TrainingStart.FromPreset("Caffe").Resolve(TinyPictures.Classes, Form(300), Options);

        Assert.AreEqual(0.1f, start.Model.Weights["dense_1/bias"].Values[0]);
        Assert.AreEqual(300, start.Model.Preprocessing.ImageSize);
        CollectionAssert.AreEqual((float[])[1, 1, 1], start.Model.Preprocessing.StandardDeviation.ToArray());
        Assert.IsFalse(start.MeasuresPictures);
    }

    [TestMethod]
    public void FromPreset_Unknown_IsRefusedByName() => StringAssert.Contains(
        Assert.ThrowsExactly<AlexNetException>(() => TrainingStart.FromPreset("vgg")).Message,
        "Preset is 'vgg'; it must be one of keras, paper,");

    [TestMethod]
    [DataRow(null, 0.5)]
    [DataRow(0.1, 0.1)]
    [DataRow(0.0, null)]
    public void Dropout_OfAPreset_IsHalfUnlessGiven(double? given, double? expected)
    {
        var start = TrainingStart.FromPreset().Resolve(["a", "b"], Form(256), Options with { Dropout = given });

        Assert.AreEqual(expected, Rates(start.Model.Plan).FirstOrDefault());
    }

    [TestMethod]
    [DataRow(null, 0.25)]
    [DataRow(0.1, 0.1)]
    [DataRow(0.0, 0.0)]
    public void Dropout_OfAStackOrAModel_IsItsOwnUnlessGiven(double? given, double expected)
    {
        var stack = TinyPictures.Network(2, 0.25);
        foreach (var start in new[]
        {
            TrainingStart.FromStack(stack), TrainingStart.FromStack(_ => stack), TrainingStart.FromModel(Model(stack, "a", "b")),
        })
        {
            foreach (var classes in (string[][])[["a", "b"], ["c", "d"]])
            {
                var plan = start.Resolve(classes, Form(256), Options with { Dropout = given }).Model.Plan;
                CollectionAssert.AreEqual((double?[])[expected], Rates(plan));
            }
        }
    }

    [TestMethod]
    public void Dropout_WhereThereIsNoLayerForIt_IsRefusedAboveZero()
    {
        var start = TrainingStart.FromStack(
            classes => new(TensorShape.Image(28, 28, 3)) { new Flatten(), new Dense(classes, Activation.Softmax) });

        Refused(start, ["a", "b"], "Dropout is 0.2, but the stack to start from has no dropout layer", Options with { Dropout = 0.2 });
        Assert.HasCount(2, start.Resolve(["a", "b"], Form(256), Options with { Dropout = 0 }).Model.Plan);
    }

    [TestMethod]
    public void FromStack_LayersAddedLater_AreNotInTheStart()
    {
        var stack = new Sequential(TensorShape.Image(28, 28, 3)) { new Flatten(), new Dense(2) };
        var start = TrainingStart.FromStack(stack);
        stack.Add(new ActivationLayer(Activation.Softmax));

        Refused(start, ["a", "b"], "dense_1 ends the stack");
    }

    [TestMethod]
    public void FromStack_WithoutPreprocessing_LeavesItToThePictures() =>
        Assert.IsTrue(TinyPictures.Start.Resolve(["a", "b"], Form(32), Options).MeasuresPictures);

    private static void Refused(TrainingStart start, string[] classes, string why, TrainingOptions? options = null) =>
        StringAssert.Contains(
            Assert.ThrowsExactly<AlexNetException>(() => start.Resolve(classes, Form(256), options ?? Options)).Message, why);

    private static PictureForm Form(int side) => new(side, ImageResizeMode.Crop);

    private static double?[] Rates(LayerPlan plan) =>
        [.. plan.Select(planned => planned.Layer).OfType<Dropout>().Select(layer => (double?)layer.Rate)];

    private static TrainedModel Model(params string[] classes) => Model(TinyPictures.Network(classes.Length, 0), classes);

    private static TrainedModel Model(Sequential stack, params string[] classes)
    {
        var plan = stack.Plan();
        return new TrainedModel(
            plan, WeightInitializer.HeNormal(plan, new Random(2)), new ImagePreprocessing(28, [0, 0, 0], [255, 255, 255]), classes);
    }
}
