// Trains AlexNet as any other ML.NET trainer and saves a model zip:
//   dotnet run pipelines/train.cs [FOLDER] [MODEL.zip]
// FOLDER has a folder of pictures for each class; without it datasets/shapes is drawn and used.
#:project ../src/MlNetAlexNet.Training
#:property PublishAot=false

using Microsoft.ML;
using MlNetAlexNet;
using MlNetAlexNet.Images;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Datasets;
using MlNetAlexNet.Training.Trainers;

if (args.Length > 2 || args.Any(argument => argument.StartsWith('-')))
{
    Console.Error.WriteLine("usage: dotnet run pipelines/train.cs [FOLDER] [MODEL.zip]");
    return 2;
}

try
{
    // 1. Pictures: a folder a class, of which a tenth is kept for the test.
    var folder = args.ElementAtOrDefault(0) ?? Path.Combine("datasets", "shapes");
    var options = new TrainingOptions();
    if (args.Length == 0)
    {
        ShapesDataset.EnsureDrawn(folder);
        options = ShapesDataset.Recipe;
    }

    var pictures = ImageFolder.Open(folder, new SplitOptions { ValidationFraction = 0 });
    DecodablePictures.Require([.. pictures.Train, .. pictures.Validation, .. pictures.Test]);
    var classes = string.Join(", ", pictures.Classes);
    Console.WriteLine($"{pictures.Train.Count} pictures of {pictures.Classes.Count} classes: {classes}");

    // 2. Data views, with the columns ImagePath and Label.
    var ml = new MLContext(seed: 1);
    var train = ml.Data.LoadFromEnumerable(pictures.Train.Concat(pictures.Validation));
    var test = ml.Data.LoadFromEnumerable(pictures.Test);

    // 3. The pipeline: class to key, picture to 256 x 256 x 3 bytes, the network, key back to class.
    var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Transforms.LoadPixels())
        .Append(ml.MulticlassClassification.Trainers.AlexNet(options, observation: new TrainingObservation
        {
            Progress = new ProgressHandler<TrainingProgress>(progress =>
            {
                if (progress is EpochCompleted epoch)
                    Console.WriteLine($"epoch {epoch.Epoch}: validation accuracy {epoch.ValidationAccuracy:0.0%}");
            }),
        }))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    // 4. Training. The trainer keeps a tenth of the pictures apart to choose the best epoch.
    var model = pipeline.Fit(train);

    // 5. Metrics of pictures the network has not seen.
    var metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
    Console.WriteLine($"test accuracy {metrics.MicroAccuracy:0.0%}, log-loss {metrics.LogLoss:0.0000}");

    // 6. A model zip that any app opens with ml.Model.Load and Microsoft's packages alone.
    var path = args.ElementAtOrDefault(1) ?? "model.zip";
    ModelZip.Save(ml, model, train.Schema, path);
    Console.WriteLine($"saved {Path.GetFullPath(path)}");

    // 7. A prediction.
    using var classifier = ImageClassifier.Load(path);
    var picture = pictures.Test[0];
    var prediction = classifier.Classify(picture.ImagePath);
    Console.WriteLine($"{picture.ImagePath} is {prediction.PredictedLabel}, in truth {picture.Label}");
    return 0;
}
catch (AlexNetException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
