using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training;

/// <summary>A stack of the user's own: <c>TrainingStart.FromStack</c>.</summary>
internal sealed class StackStart(
    Func<int, LayerPlan> stack, WeightSet? weights, ImagePreprocessing? preprocessing) : TrainingStart
{
    internal override StartingModel Resolve(IReadOnlyList<string> classes, int imageSize, TrainingOptions options)
    {
        var plan = stack(classes.Count).WithDropout(options.Dropout);
        return StartingModel.Create(
            plan,
            weights ?? WeightInitializer.HeNormal(plan, new Random(options.Seed)),
            preprocessing,
            classes,
            imageSize,
            options);
    }
}
