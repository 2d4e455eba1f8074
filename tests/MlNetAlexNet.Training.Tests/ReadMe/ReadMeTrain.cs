using Microsoft.ML;
using MlNetAlexNet.Images;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Trainers;

namespace ReadMeCode;

/// <summary>README's code that trains, as it stands there.</summary>
internal static class ReadMeTrain
{
    public static void Run()
    {
        var ml = new MLContext();
        var flowers = ImageFolder.Open("flowers", new SplitOptions { ValidationFraction = 0 });
        var train = ml.Data.LoadFromEnumerable(flowers.Train);
        var test = ml.Data.LoadFromEnumerable(flowers.Test);

        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadPixels())
            .Append(ml.MulticlassClassification.Trainers.AlexNet(new TrainingOptions { EarlyStoppingEpochs = 2 }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var model = pipeline.Fit(train);

        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
        Console.WriteLine($"test accuracy {metrics.MicroAccuracy:0.0%}");
        ModelZip.Save(ml, model, train.Schema, "flowers.zip");

        using var classifier = ImageClassifier.Load("flowers.zip");
        Console.WriteLine(classifier.Classify(flowers.Test[0].ImagePath).PredictedLabel);
    }
}
