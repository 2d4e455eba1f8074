using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training;

/// <summary>A stack of the user's own: <c>TrainingStart.FromStack</c>.</summary>
internal sealed class StackStart(
    Func<int, LayerPlan> stack, WeightSet? weights, ImagePreprocessing? preprocessing) : TrainingStart
{
    /// <summary>The paper's ratio of picture and crop.</summary>
    /// <exception cref="AlexNetException">The stack takes no pictures.</exception>
    public static PictureForm ChooseForm(LayerPlan plan)
    {
        TrainedModel.RequirePictures(plan.Input);
        return new PictureForm(ImagePreprocessing.ChooseImageSize(plan.Input.Height), ImageResizeMode.Crop);
    }

    internal override PictureForm ChooseForm(int classes) => preprocessing?.Form ?? ChooseForm(stack(classes));

    internal override StartingModel Resolve(IReadOnlyList<string> classes, PictureForm form, TrainingOptions options)
    {
        var plan = stack(classes.Count).WithDropout(options.Dropout);
        return StartingModel.Create(
            plan,
            weights ?? WeightInitializer.HeNormal(plan, new Random(options.Seed)),
            preprocessing,
            classes,
            form,
            options,
            isTrained: weights is not null);
    }
}
