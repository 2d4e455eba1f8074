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
            return StartingModel.Create(plan, model.Weights, model.Preprocessing, classes, form, options, isTrained: true);

        if (model.Classes.ToHashSet().SetEquals(classes) && ClassNames.FindOrder(model.Classes, classes) is { } order)
        {
            (plan, var reordered) = LastUnits.Choose(plan, model.Weights, order);
            return StartingModel.Create(
                plan, reordered, model.Preprocessing, classes, form, options, isTrained: true) with
            {
                IsReordered = true,
            };
        }

        var last = LastDense();
        plan = plan.Rewrite(planned => planned.Name == last.Name
            ? (Dense)planned.Layer with { Units = classes.Count }
            : planned.Layer);
        var drawn = WeightInitializer.HeNormal(plan, new Random(options.Seed));
        var isNew = model.Plan.SkipWhile(planned => planned != last) // a normalization behind it, too
            .SelectMany(planned => planned.Weights.Select(planned.GetWeightName)).ToHashSet();
        var weights = new WeightSet(plan.Weights.Select(
            weight => KeyValuePair.Create(weight.Key, (isNew.Contains(weight.Key) ? drawn : model.Weights)[weight.Key])));
        return StartingModel.Create(plan, weights, model.Preprocessing, classes, form, options, isTrained: true) with
        {
            NewLastLayer = last.Name,
        };
    }

    private bool HasClasses(IReadOnlyList<string> classes) =>
        knowsClasses ? model.Classes.SequenceEqual(classes) : model.Classes.Count == classes.Count;

    private PlannedLayer LastDense() => model.Plan.LastOrDefault(planned => planned.Layer is Dense)
        ?? throw new AlexNetException(
            "The model has no dense layer that could be replaced for other classes. Give pictures of its own classes.");
}
