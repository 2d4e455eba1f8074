// Works for long and looks whether memory stays flat and speed the same:
//   dotnet run -c Release --project tests/Soak
// Exit status 1 where memory grew beyond the bound.
using System.CommandLine;
using System.Globalization;
using MlNetAlexNet.Soak;
using MlNetAlexNet.Tests;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var steps = new Option<int>("--steps") { Description = "Steps of training.", DefaultValueFactory = _ => 2_000 };
var predictions = new Option<int>("--predictions") { Description = "Pictures to classify.", DefaultValueFactory = _ => 100_000 };
var loads = new Option<int>("--loads") { Description = "Times to load a model, use it and let it go.", DefaultValueFactory = _ => 500 };
var model = new Option<string?>("--model") { Description = "Model to classify with. Default: the one that is trained here." };
var pictures = new Option<string?>("--pictures") { Description = "Folder of pictures to classify. Default: those drawn here." };
var command = new RootCommand("Works for long and watches memory and speed.") { steps, predictions, loads, model, pictures };
command.SetAction(parsed =>
{
    using var folder = new TemporaryFolder();
    var drawn = Path.Combine(folder.Path, "pictures");
    ColoredPictures.Draw(drawn, perClass: 64);
    var files = Directory.GetFiles(parsed.GetValue(pictures) ?? drawn, "*", SearchOption.AllDirectories);
    var trained = Path.Combine(folder.Path, "model.zip");

    var isFlat = Training.Run(drawn, trained, parsed.GetValue(steps));
    var zip = parsed.GetValue(model) ?? trained;
    isFlat &= Loading.Run(zip, files, parsed.GetValue(loads));
    isFlat &= Predicting.Run(zip, files, parsed.GetValue(predictions));
    return isFlat ? 0 : 1;
});
return command.Parse(args).Invoke();
