// Champion in, champion out: trains the model in use further, on old and new pictures together, and puts the new model in its place
// only if it is better on pictures that neither has seen.
//   dotnet run pipelines/retrain.cs CHAMPION.zip FOLDER [EPOCHS] [OLD=NEW]...
// FOLDER has a folder of pictures for each class, or train, validation and test of that kind: give all pictures there are, old and
// new, since a network forgets what it sees no more. Classes that the champion has keep what it knows, new ones are added, those
// without a folder are dropped; OLD=NEW gives a class of the champion another name.
// Exit 0: the new model is in its place, and the old one in CHAMPION.previous.zip. 3: the champion stays. 2: something is wrong.
// 130: interrupted. docs/retraining.md says what is promised, and what CHAMPION.gates and CHAMPION.pictures.json hold.
#:project ../src/MlNetAlexNet.Training
#:property PublishAot=false

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using MlNetAlexNet;
using MlNetAlexNet.Images;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Promotion;
using MlNetAlexNet.Scoring;
using MlNetAlexNet.Training;
using MlNetAlexNet.Training.Runs;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string[] places = [.. args.Where((argument, i) => i < 2 || !argument.Contains('='))];
var renames = args.Skip(2).Where(argument => argument.Contains('=')).Select(argument => new[] { argument[..argument.LastIndexOf('=')], argument[(argument.LastIndexOf('=') + 1)..] }).ToList();
var epochs = 5;
if (places.Length is < 2 or > 3 || (places.Length == 3
    && !(int.TryParse(places[2], NumberStyles.None, CultureInfo.InvariantCulture, out epochs) && epochs > 0)))
{
    Console.Error.WriteLine("usage: dotnet run pipelines/retrain.cs CHAMPION.zip FOLDER [EPOCHS] [OLD=NEW]...");
    return 2;
}

if (renames.CountBy(rename => rename[0]).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
{
    Console.Error.WriteLine($"'{twice}' is renamed more than once; give it one new name.");
    return 2;
}

// The first Ctrl-C or SIGTERM ends the gate, and the champion stays; the second ends the process.
using var interruption = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
var cancel = interruption.Token;
var rule = new PromotionRule { Significance = 0.05 };
var renamed = renames.ToDictionary(rename => rename[0], rename => rename[1]);
PromotionRecord? record = null;
var gate = "";
try
{
    // 1. The champion, which no other gate takes meanwhile, with its classes by the names of today. It knows by fingerprints which
    //    pictures it was trained on and chosen by.
    using var champion = Champion.Claim(places[0]);
    var old = ModelFile.Read(champion.Path, new ModelFileOptions { RenamedClasses = renamed.Count == 0 ? null : renamed }).Model;

    // 2. The pictures: some to train on, some to choose the best epoch, some to compare with. Which part a picture is in depends on
    //    its bytes, as long as the split stays that of the last gate, or of the run that made the champion.
    var manifest = PictureManifest.Find(champion.Pictures);
    var options = new RunFolder(Path.GetDirectoryName(champion.Path)!).Options;
    var run = new RunOptions
    {
        Data = places[1],
        Split = manifest?.Split ?? (File.Exists(options) ? OptionsFile.Read(options).Split : new SplitOptions()),
        Start = new StartOptions { InitialWeights = champion.FindTrainable(), RenamedClasses = renamed.Count == 0 ? null : renamed },
    }.WithRecipe(Recipes.FineTune);
    var folder = run.OpenData(cancel);
    var pictures = GatePicture.Read(folder, cancel);
    var classes = pictures.Select(picture => picture.Label).Distinct().Order(StringComparer.Ordinal).ToList();
    if (renamed.Values.Select(name => name.Normalize()).Except(classes).FirstOrDefault() is { } unknown)
        throw new AlexNetException($"A class is to be called '{unknown}', and no pictures are of that class. Known: {string.Join(", ", classes)}.");

    var changes = manifest?.Compare(pictures, renamed);
    var missing = old.TrainedOn.Count - pictures.Select(picture => picture.Fingerprint).Distinct().Count(old.TrainedOn.Contains);
    Console.WriteLine($"{folder.Train.Count} pictures to train, {folder.Validation.Count} to validate, {folder.Test.Count} to compare");
    if (changes is not null)
    {
        Console.WriteLine(
            $"Since {manifest!.Time:u}: {changes.Added.Count} pictures are new, {changes.Removed.Count} removed, " +
            $"{changes.Relabelled.Count} of another class, {changes.Moved.Count} in another part");
    }

    if (missing > 0)
        Console.WriteLine($"Warning: of the {old.TrainedOn.Count} pictures that the champion was trained on, {missing} are no longer there: what only they show will be forgotten.");
    if (champion.FindTrainable() == champion.Path && File.Exists(champion.Unfolded))
        Console.WriteLine($"Warning: '{champion.Unfolded}' is of another model, and the zip is trained on, whose batch normalization is learnt no more.");
    Say("Classes that are new", classes.Except(old.Classes));
    Say("Classes that are dropped", old.Classes.Except(classes));

    // 3. What neither has seen.
    var heldOut = HeldOutPictures.Select(pictures, old);
    var compared = heldOut.Pictures.Select(picture => picture.Fingerprint.ToString()).ToHashSet();
    var comparedBefore = manifest?.Pictures.Where(picture => compared.Contains(picture.Fingerprint)).Select(picture => picture.Compared).DefaultIfEmpty(0).Max() ?? 0;
    Console.WriteLine(
        $"{heldOut.Pictures.Count} held out. Left out: {heldOut.TrainedOn} that the champion was trained on, {heldOut.ChosenBy} that it was " +
        $"chosen by, {heldOut.Learnt} that are trained on or validated as copies, {heldOut.Copies} more copies, {heldOut.Contradictory} of two classes");
    if (old.TrainedOn.Count == 0)
        Console.WriteLine("Warning: the champion does not say what it was trained on. Held-out pictures that it was trained on make it look better than it is.");
    if (comparedBefore > 0)
        Console.WriteLine($"Models were compared {comparedBefore} times on some of them: of many challengers that are no better one wins by chance.");

    gate = champion.CreateGate(TimeProvider.System.GetUtcNow());
    record = new PromotionRecord
    {
        Outcome = GateOutcome.Failed,
        Reason = "",
        Time = TimeProvider.System.GetUtcNow(),
        Significance = rule.Significance,
        Champion = new(champion.Path, champion.Sha256, old.Classes),
        Classes = new([.. classes.Intersect(old.Classes)], [.. classes.Except(old.Classes)], [.. old.Classes.Except(classes)], renamed),
        Pictures = new(folder.Train.Count, folder.Validation.Count, folder.Test.Count)
        {
            Since = manifest?.Time,
            New = changes?.Added.Count,
            Removed = changes?.Removed.Count,
            Relabelled = changes?.Relabelled.Count,
            Moved = changes?.Moved.Count,
            ChampionTrainedOn = old.TrainedOn.Count,
            ChampionMissing = missing,
        },
        HeldOut = new(
            heldOut.Pictures.Count, heldOut.Sha256, comparedBefore, heldOut.TrainedOn, heldOut.ChosenBy, heldOut.Learnt, heldOut.Copies,
            heldOut.Contradictory, [.. compared]),
    };

    // 4. How good the champion is; whether a challenger could be better at all, before hours go into one.
    using var oldClassifier = ImageClassifier.Load(old);
    var before = heldOut.Classify(oldClassifier, progress: null, cancel);
    if (rule.FindHopeless(heldOut, old.Classes, before) is { } hopeless)
    {
        PictureManifest.Collect(pictures, run.Split, record.Time, manifest, compared: []).Write(champion.Pictures);
        return End(GateOutcome.Hopeless, $"Nothing is trained. {hopeless}", exit: 3);
    }

    // 5. The challenger: a run that starts from the champion. Few pictures are learnt in small batches, so that there are some steps
    //    an epoch.
    run = run with
    {
        Output = gate,
        Training = run.Training with { Epochs = epochs, BatchSize = Math.Clamp(folder.Train.Count / 8, 4, 64) },
    };
    var result = TrainingRun.Execute(run, new TrainingObservation
    {
        Progress = new ProgressHandler<TrainingProgress>(Report), CancellationToken = cancel,
    });
    record = record with { Seed = run.Training.Seed, Options = ReadOptions(result.Folder) };
    if (result.IsCancelled)
        return End(GateOutcome.Interrupted, $"Interrupted; the champion stays. What was learnt is in '{gate}'.", exit: 130);
    if (result.Fault is { } fault)
        throw fault;

    // 6. Both on the same pictures.
    record = record with { Challenger = new(result.Model, Champion.ComputeSha256(result.Model), classes) };
    using var newClassifier = ImageClassifier.Load(result.Model);
    var comparison = ModelComparison.Count(heldOut, old.Classes, before, heldOut.Classify(newClassifier, progress: null, cancel));
    record = record with { Comparison = comparison };
    Print("all", comparison.All);
    Print("classes that both know", comparison.Shared);
    Print("new classes", comparison.Added);

    // 7. The decision, for the champion that was compared and no other.
    champion.RequireUnchanged();
    PictureManifest.Collect(pictures, run.Split, record.Time, manifest, heldOut.Pictures).Write(champion.Pictures);
    var verdict = rule.Decide(comparison);
    if (verdict.IsPromoted)
    {
        champion.Replace(result.Model, record.Challenger.Sha256);
        record = record with { Previous = champion.Previous };
        KeepUnfolded(champion, result.Folder.UnfoldedModel);
    }

    // 8. The weights are the champion's now, or nobody's; the records stay.
    DeleteWeights(result.Model, result.Folder.UnfoldedModel);
    return verdict.IsPromoted
        ? End(GateOutcome.Promoted, $"{verdict.Reason} The challenger is the champion now.", exit: 0)
        : End(GateOutcome.NotBetter, $"{verdict.Reason} The champion stays.", exit: 3);
}
catch (OperationCanceledException)
{
    return End(GateOutcome.Interrupted, "Interrupted; the champion stays.", exit: 130);
}
catch (Exception e)
{
    var learnt = Path.Combine(gate, "model.zip");
    var reason = gate != "" && File.Exists(learnt) ? $"{e.Message} What was learnt is in '{learnt}'." : e.Message;
    Console.Error.WriteLine(reason);
    var exit = End(GateOutcome.Failed, reason, exit: 2);
    if (e is AlexNetException or IOException or UnauthorizedAccessException)
        return exit;

    throw; // a defect keeps its trace
}

// Every gate leaves promotion.json, unless it was over before there was anything to decide.
int End(GateOutcome outcome, string reason, int exit)
{
    if (outcome != GateOutcome.Failed)
        Console.WriteLine(reason);
    if (record is null)
        return exit;

    try
    {
        var file = Path.Combine(gate, "promotion.json");
        (record with { Outcome = outcome, Reason = reason }).Write(file);
        if (new RunFolder(gate).Report is var report && File.Exists(report))
            Console.WriteLine(report);
        Console.WriteLine(file);
    }
    catch (AlexNetException e)
    {
        Console.Error.WriteLine(e.Message);
    }

    return exit;
}

void Interrupt(PosixSignalContext context)
{
    context.Cancel = !interruption.IsCancellationRequested;
    if (context.Cancel)
        interruption.Cancel();
}

// The zip is what is scored; the other file is only better to train on.
static void KeepUnfolded(Champion champion, string unfolded)
{
    try
    {
        champion.KeepUnfolded(File.Exists(unfolded) ? unfolded : null);
    }
    catch (AlexNetException e)
    {
        Console.Error.WriteLine($"Warning: {e.Message}");
    }
}

// What is decided does not hang on them.
static void DeleteWeights(params string[] files)
{
    foreach (var file in files)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Warning: '{file}' cannot be deleted: {e.Message}");
        }
    }
}

static JsonNode? ReadOptions(RunFolder run) => File.Exists(run.Options) ? JsonNode.Parse(File.ReadAllText(run.Options)) : null;

static void Print(string which, SideBySide? side)
{
    if (side is not null)
        Console.WriteLine($"{which}: of {side.Pictures} pictures the champion has {side.ChampionRight} right, the challenger {side.ChallengerRight}: {side.Won} won, {side.Lost} lost");
}

static void Say(string what, IEnumerable<string> classes)
{
    if (classes.Any())
        Console.WriteLine($"{what}: {string.Join(", ", classes)}");
}

static void Report(TrainingProgress progress)
{
    switch (progress)
    {
        case EpochCompleted epoch:
            Console.WriteLine($"epoch {epoch.Epoch}: train loss {epoch.TrainLoss:0.0000}, validation accuracy {epoch.ValidationAccuracy:0.0%}");
            break;
        case PicturesDoubtful doubtful:
            Console.WriteLine($"Warning: {doubtful.Findings.Count} doubts about the pictures, which 'alexnet inspect' lists");
            break;
        case WritingFailed failed:
            Console.WriteLine($"Warning: {failed.What}: {failed.Reason}");
            break;
    }
}
