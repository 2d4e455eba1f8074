using Microsoft.ML;
using MlNetAlexNet;
using MlNetAlexNet.Images;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Trainers;

namespace ReadMeCode;

/// <summary>README's code that trains a stack of one's own, observed, as it stands there.</summary>
internal static class ReadMeNetwork
{
    public static void Run(MLContext ml, Sequential stack, ImageFolder flowers)
    {
        var size = ImagePreprocessing.ChooseImageSize(64); // 72: crops of 64 are taken out of that
        using var stop = new CancellationTokenSource(TimeSpan.FromHours(1));
        var observation = new TrainingObservation
        {
            CancellationToken = stop.Token, // Fit then gives the best weights so far
            Progress = new ProgressHandler<TrainingProgress>(step =>
            {
                if (step is StepCompleted at)
                    Console.Write($"\rstep {at.Step} of epoch {at.Epoch}, {at.Remaining:hh\\:mm\\:ss} left ");
                if (step is EpochCompleted epoch)
                    Console.WriteLine($"epoch {epoch.Epoch}: {epoch.ValidationAccuracy:0.0%}");
            }),
        };
        var trainer = ml.MulticlassClassification.Trainers.AlexNet(
            new TrainingOptions { Epochs = 3 }, TrainingStart.FromStack(stack), observation: observation);
        var train = ml.Data.LoadFromEnumerable(flowers.Train);
        var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadPixels(size))
            .Append(trainer)
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(train);
    }
}
