// Goes on training a model with new pictures, and puts the new model out only if it is better:
//   dotnet run pipelines/retrain.cs MODEL.zip FOLDER NEW.zip [EPOCHS]
// FOLDER has a folder of pictures for each class of the model; or train, validation and test of that kind.
// Exit 0: NEW.zip is written. Exit 3: the new model is not better and is not kept. MODEL.zip stays as it is.
#:project ../src/MlNetAlexNet.Training
#:property PublishAot=false

using System.Globalization;
using Microsoft.ML;
using MlNetAlexNet;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Images;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Trainers;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var epochs = 5;
if (args.Length is < 3 or > 4 || (args.Length == 4 && !(int.TryParse(args[3], out epochs) && epochs > 0)))
{
    Console.Error.WriteLine("usage: dotnet run pipelines/retrain.cs MODEL.zip FOLDER NEW.zip [EPOCHS]");
    return 2;
}

var (oldZip, folder, newZip) = (args[0], args[1], args[2]);
var candidate = newZip + ".candidate";
try
{
    // 1. The new pictures: some to train on, some to choose the best epoch, some for the comparison.
    var pictures = ImageFolder.Open(folder, new SplitOptions());
    DecodablePictures.Require([.. pictures.Train, .. pictures.Validation, .. pictures.Test]);
    Console.WriteLine(
        $"{pictures.Train.Count} pictures to train, {pictures.Validation.Count} to validate, " +
        $"{pictures.Test.Count} to compare");

    // 2. Warm start: weights and normalisation of the old model. Half the usual learning rate keeps what it knows.
    var ml = new MLContext(seed: 1);
    var old = ModelZip.Read(oldZip);
    if (!old.Classes.SequenceEqual(pictures.Classes))
    {
        throw new AlexNetException(
            $"The model has the classes {string.Join(", ", old.Classes)}; the pictures have "
            + $"{string.Join(", ", pictures.Classes)}. Both must be the same, in the same order.");
    }

    var trainer = ml.MulticlassClassification.Trainers.AlexNet(
        new TrainingOptions { Epochs = epochs, LearningRate = 0.005 },
        TrainingStart.FromModel(old),
        observation: new TrainingObservation { Progress = new ProgressHandler<TrainingProgress>(Report) });

    // 3. Class to key, picture to pixels, the network, key back to class.
    var train = ml.Data.LoadFromEnumerable(pictures.Train);
    var validation = ml.Data.LoadFromEnumerable(pictures.Validation);
    var classes = ml.Data.LoadFromEnumerable(pictures.Classes.Select(name => new { Label = name }));
    var pixels = ml.Transforms.Conversion.MapValueToKey("Label", keyData: classes)
        .Append(ml.Transforms.LoadPixels(old.Preprocessing.ImageSize, old.Preprocessing.ResizeMode))
        .Fit(train);
    var network = trainer.Fit(
        pixels.Transform(train), pictures.Validation.Count > 0 ? pixels.Transform(validation) : null);
    var scoring = pixels.Append(network);
    var model = scoring.Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scoring.Transform(train)));
    ModelZip.Save(ml, model, train.Schema, candidate);

    // 4. Old and new on the same pictures, each through its zip.
    var before = Evaluate("old", oldZip);
    var after = Evaluate("new", candidate);

    // 5. The new one is put out only if more is right: of equal ones a slightly lower log-loss may be chance.
    if (after.Correct <= before.Correct)
    {
        Console.WriteLine($"The new model is not better; {newZip} is not written.");
        return 3;
    }

    File.Move(candidate, newZip, overwrite: true);
    Console.WriteLine($"The new model is better: {newZip}");
    return 0;

    Metrics Evaluate(string name, string zip)
    {
        using var classifier = ImageClassifier.Load(zip);
        var metrics = ModelEvaluation.Evaluate(classifier, pictures.Test).Metrics;
        Console.WriteLine(
            $"{name}: top-1 {metrics.Top1:0.0%} ({metrics.Correct} of {metrics.Pictures}), " +
            $"log-loss {metrics.LogLoss:0.0000}");
        return metrics;
    }
}
catch (Exception e) when (e is AlexNetException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
finally
{
    if (File.Exists(candidate))
        File.Delete(candidate);
}

static void Report(TrainingProgress progress)
{
    if (progress is EpochCompleted epoch)
        Console.WriteLine($"epoch {epoch.Epoch}: train loss {epoch.TrainLoss:0.0000}, validation accuracy {epoch.ValidationAccuracy:0.0%}");
}
