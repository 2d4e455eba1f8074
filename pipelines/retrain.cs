// Goes on training a model with new pictures, and puts the new model out only if it is better:
//   dotnet run pipelines/retrain.cs MODEL.zip FOLDER NEW.zip [EPOCHS] [OLD=NEW]...
// FOLDER has a folder of pictures for each class, or train, validation and test of that kind: give all pictures there are, old and
// new, since a network forgets what it sees no more. Classes that the model has keep what it knows, new ones are added, those without
// a folder are dropped; OLD=NEW gives a class of the model another name.
// Exit 0: NEW.zip is written. Exit 3: the new model is not better and is not kept. MODEL.zip stays as it is.
#:project ../src/MlNetAlexNet.Training
#:property PublishAot=false

using System.Globalization;
using Microsoft.ML;
using MlNetAlexNet;
using MlNetAlexNet.Evaluation;
using MlNetAlexNet.Images;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Scoring;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Trainers;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var renames = args.Skip(3).Where(argument => argument.Contains('=')).Select(argument => new[] { argument[..argument.LastIndexOf('=')], argument[(argument.LastIndexOf('=') + 1)..] }).ToList();
string[] places = [.. args.Where((argument, i) => i < 3 || (argument != "--rename" && !argument.Contains('=')))];
var epochs = 5;
if (places.Length is < 3 or > 4 || (places.Length == 4
    && !(int.TryParse(places[3], NumberStyles.None, CultureInfo.InvariantCulture, out epochs) && epochs > 0)))
{
    Console.Error.WriteLine("usage: dotnet run pipelines/retrain.cs MODEL.zip FOLDER NEW.zip [EPOCHS] [OLD=NEW]...");
    return 2;
}

if (renames.CountBy(rename => rename[0]).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
{
    Console.Error.WriteLine($"'{twice}' is renamed more than once; give it one new name.");
    return 2;
}

var (oldZip, folder, newZip) = (places[0], places[1], places[2]);
var candidate = Path.ChangeExtension(newZip, $".{Path.GetRandomFileName()}.zip");
try
{
    // 1. The pictures: some to train on, some to choose the best epoch, some for the comparison. Which part a picture is in depends on
    //    its bytes alone: as pictures are added from one time to the next, none of the comparison has ever been trained on.
    var pictures = ImageFolder.Open(folder, new SplitOptions());
    DecodablePictures.Require([.. pictures.Train, .. pictures.Validation, .. pictures.Test]);
    Console.WriteLine(
        $"{pictures.Train.Count} pictures to train, {pictures.Validation.Count} to validate, " +
        $"{pictures.Test.Count} to compare");

    if (renames.Select(rename => rename[1]).Except(pictures.Classes).FirstOrDefault() is { } unknown)
        throw new AlexNetException($"A class is to be called '{unknown}', and no pictures are of that class. Known: {string.Join(", ", pictures.Classes)}.");

    // 2. The old model, with its classes by the names of today. It also knows by fingerprints what it was trained on.
    var old = ModelFile.Read(oldZip, new ModelFileOptions
    {
        RenamedClasses = renames.Count == 0 ? null : renames.ToDictionary(rename => rename[0], rename => rename[1]),
    }).Model;
    Say("Classes that are new", pictures.Classes.Except(old.Classes));
    Say("Classes that are dropped", old.Classes.Except(pictures.Classes));
    var test = pictures.Test;
    using var oldClassifier = ImageClassifier.Load(old);
    var before = Evaluate(oldClassifier, test);
    if (before.TrainedOn.Count > 0)
    {
        Console.WriteLine($"{before.TrainedOn.Count} pictures to compare were trained on by the old model, and are left out");
        test = [.. test.ExceptBy(before.TrainedOn, picture => picture.ImagePath)];
        before = Evaluate(oldClassifier, test);
    }

    // 3. A start from the old model. Few pictures are learnt in small batches, so that there are some steps an epoch.
    var ml = new MLContext(seed: 1);
    var trainer = ml.MulticlassClassification.Trainers.AlexNet(
        Recipes.FineTune.Training with { Epochs = epochs, BatchSize = Math.Clamp(pictures.Train.Count / 8, 4, 64) },
        TrainingStart.FromModel(old),
        observation: new TrainingObservation { Progress = new ProgressHandler<TrainingProgress>(Report) });

    // 4. Class to key, picture to pixels, the network, key back to class.
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

    // 5. The new one is to know its pictures, too: a pipeline has seen pixels alone.
    var trained = ModelZip.Read(candidate);
    ModelFile.Write(trained with { TrainedOn = trained.TrainedOn.Union(Fingerprints(pictures.Train)) }, candidate);

    // 6. Old and new on the same pictures.
    using var newClassifier = ImageClassifier.Load(candidate);
    var after = Evaluate(newClassifier, test);
    Print("old", before.Metrics, test.Count);
    Print("new", after.Metrics, test.Count);

    // 7. The new one is put out only if more is right: of equal ones a slightly lower log-loss may be chance.
    if (after.Metrics.Correct <= before.Metrics.Correct)
    {
        File.Delete(candidate);
        Console.WriteLine($"The new model is not better; {newZip} is not written.");
        return 3;
    }

    File.Move(candidate, newZip, overwrite: true);
    Console.WriteLine($"The new model is better: {newZip}");
    return 0;
}
catch (Exception e) when (e is AlexNetException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    if (File.Exists(candidate))
        Console.Error.WriteLine($"What was learnt is in {candidate}.");
    return 2;
}

// Pictures of a class that a model has not are wrong.
static EvaluationResult Evaluate(ImageClassifier classifier, IReadOnlyList<LabeledImage> pictures)
{
    LabeledImage[] known = [.. pictures.Where(picture => classifier.Classes.Contains(picture.Label))];
    return known.Length > 0
        ? ModelEvaluation.Evaluate(classifier, known)
        : throw new AlexNetException("There are no pictures to compare the models with that the old one has not learnt. Add some.");
}

static PictureFingerprints Fingerprints(IEnumerable<LabeledImage> pictures) => PictureFingerprints.Collect(
    pictures.Select(picture => PictureFingerprint.Compute(File.ReadAllBytes(picture.ImagePath))));

static void Print(string name, Metrics metrics, int pictures) =>
    Console.WriteLine($"{name}: {metrics.Correct} of {pictures} right");

static void Say(string what, IEnumerable<string> classes)
{
    if (classes.Any())
        Console.WriteLine($"{what}: {string.Join(", ", classes)}");
}

static void Report(TrainingProgress progress)
{
    if (progress is EpochCompleted epoch)
        Console.WriteLine($"epoch {epoch.Epoch}: train loss {epoch.TrainLoss:0.0000}, validation accuracy {epoch.ValidationAccuracy:0.0%}");
}
