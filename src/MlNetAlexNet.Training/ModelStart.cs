using MlNetAlexNet.Completion;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training;

/// <summary>A model to train on: <see cref="TrainingStart.FromModel"/>.</summary>
/// <param name="model">The model.</param>
/// <param name="knowsClasses">
/// Whether the names of its classes mean anything; those of another framework's file are then as many as its units.
/// </param>
internal sealed class ModelStart(TrainedModel model, bool knowsClasses = true) : TrainingStart
{
    internal override PictureForm ChooseForm(int classes) => model.Preprocessing.Form;

    internal override StartingModel Resolve(IReadOnlyList<string> classes, PictureForm form, TrainingOptions options)
    {
        var plan = model.Plan.WithDropout(options.Dropout);
        if (HasClasses(classes))
            return Create(plan, model.Weights, change: null);

        var old = knowsClasses ? model.Classes : [];
        var places = classes.Select(name => Place(old, name)).ToArray();
        var last = plan.LastOrDefault(planned => planned.Layer is WeightedLayer)?.Name;
        var (chosen, weights) = Choose(plan, places);
        if (places.Contains(null))
            weights = Draw(chosen, weights, last!, places, new Random(options.Seed));
        return Create(chosen, weights, new ClassChange(
            last,
            Kept: [.. classes.Where(old.Contains)],
            Added: [.. classes.Where(name => !old.Contains(name))],
            Dropped: [.. old.Where(name => !classes.Contains(name))]));

        StartingModel Create(LayerPlan plan, WeightSet weights, ClassChange? change)
        {
            var start = StartingModel.Create(
                plan, weights, model.Preprocessing, classes, form, options, isTrained: true, change);
            return start with { Model = start.Model with { TrainedOn = model.TrainedOn, ChosenBy = model.ChosenBy } };
        }
    }

    private bool HasClasses(IReadOnlyList<string> classes) =>
        knowsClasses ? model.Classes.SequenceEqual(classes) : model.Classes.Count == classes.Count;

    private static int? Place(IReadOnlyList<string> names, string name) =>
        names.TakeWhile(other => other != name).Count() is var place && place < names.Count ? place : null;

    // The units of the classes; one that is new begins as another's, since any is changed afterwards.
    private (LayerPlan Plan, WeightSet Weights) Choose(LayerPlan plan, int?[] places)
    {
        try
        {
            return LastUnits.Choose(plan, model.Weights, [.. places.Select(place => place ?? 0)]);
        }
        catch (AlexNetException fault)
        {
            throw new AlexNetException(
                $"The model cannot be given other classes. {fault.Message} Give pictures of its own classes.", fault)
            {
                Option = fault.Option,
            };
        }
    }

    // New units as a new layer has them, in it and in what follows.
    private static WeightSet Draw(
        LayerPlan plan, WeightSet weights, string last, int?[] places, Random random)
    {
        var drawn = WeightInitializer.HeNormal(plan, random);
        foreach (var key in plan.SkipWhile(planned => planned.Name != last)
            .SelectMany(planned => planned.Weights.Select(planned.GetWeightName)))
        {
            var values = weights[key].Values;
            var row = values.Length / places.Length;
            for (var i = 0; i < places.Length; i++)
            {
                if (places[i] is null)
                    drawn[key].Values.AsSpan(i * row, row).CopyTo(values.AsSpan(i * row));
            }
        }

        return weights;
    }
}
