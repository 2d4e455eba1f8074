// Measures the library against named baselines, each pair in the same process and interleaved:
//   dotnet run -c Release --project tests/Benchmarks -- NAME...
// `--help` lists the names. Prints a table and writes the same figures as JSON.
using System.CommandLine;
using System.Globalization;
using MlNetAlexNet.Benchmarks;
using MlNetAlexNet.Benchmarks.Training;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var names = new Argument<string[]>("names")
{
    Description = "Benchmarks to run; all of them if none is named: " + string.Join(", ", Benchmark.All.Keys),
};
names.AcceptOnlyFromAmong([.. Benchmark.All.Keys]);
var standard = new Settings();
var rounds = Option("--rounds", "Rounds of each comparison; the medians count.", standard.Rounds);
var model = Option("--model", "Model zip in float32.", standard.Model);
var int8Model = Option("--int8-model", "The same model quantized.", standard.Int8Model);
var pictures = Option("--pictures", "Folder with train, validation and test.", standard.Pictures);
var json = Option("--json", "File for the figures as JSON.", "benchmarks.json");

var command = new RootCommand("Benchmarks of MlNetAlexNet.") { names, rounds, model, int8Model, pictures, json };
command.Add(TrainMemory.Child());
command.Add(GpuCheck.Create());
command.SetAction(parsed =>
{
    var settings = new Settings
    {
        Rounds = parsed.GetValue(rounds),
        Model = parsed.GetValue(model)!,
        Int8Model = parsed.GetValue(int8Model)!,
        Pictures = parsed.GetValue(pictures)!,
    };
    var chosen = parsed.GetValue(names) is { Length: > 0 } some ? some : [.. Benchmark.All.Keys];
    var machine = Machine.Describe();
    Console.WriteLine(machine);
    Console.WriteLine();
    Console.WriteLine(Result.TableHead);
    var results = new List<Result>();
    foreach (var name in chosen)
    {
        foreach (var result in Benchmark.All[name](settings))
        {
            Console.WriteLine(result);
            results.Add(result);
        }

        Report.Write(machine, results, parsed.GetValue(json)!);
    }

    return 0;
});
return command.Parse(args).Invoke();

static Option<T> Option<T>(string name, string description, T value) =>
    new(name) { Description = description, DefaultValueFactory = _ => value };
