// An app of your own: loads a model zip and predicts pictures with Microsoft's packages alone. Copy it anywhere:
//   dotnet run stock-app.cs MODEL.zip PICTURE...
#:package Microsoft.ML@5.0.1
#:package Microsoft.ML.ImageAnalytics@5.0.1
#:package Microsoft.ML.OnnxTransformer@5.0.1
#:package Microsoft.ML.OnnxRuntime@1.31.1
#:package SkiaSharp.NativeAssets.Linux.NoDependencies@2.88.9
#:property PublishAot=false

using Microsoft.ML;
using Microsoft.ML.Data;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: dotnet run stock-app.cs MODEL.zip PICTURE...");
    return 2;
}

if (args.FirstOrDefault(path => !File.Exists(path)) is { } missing)
{
    Console.Error.WriteLine($"The file '{missing}' does not exist.");
    return 2;
}

var ml = new MLContext();
var exit = 0;

// The first stage makes keys of labels, for Evaluate. A prediction has none: its rows need the path alone.
using var model = (TransformerChain<ITransformer>)ml.Model.Load(args[0], out _);
var scoring = new TransformerChain<ITransformer>([.. model.Skip(1)]);
using var engine = ml.Model.CreatePredictionEngine<Picture, Prediction>(scoring);
foreach (var path in args[1..])
{
    try
    {
        var prediction = engine.Predict(new Picture { ImagePath = Path.GetFullPath(path) });
        Console.WriteLine($"{path}: {prediction.PredictedLabel}");
        foreach (var (label, score) in prediction.TopLabels.Zip(prediction.TopScores))
            Console.WriteLine($"{score,8:0.0%}  {label}");
    }
    catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
    {
        Console.Error.WriteLine($"The picture '{path}' cannot be decoded: {fault.Message}");
        exit = 2;
    }
}

return exit;

internal sealed class Picture
{
    public string ImagePath { get; set; } = "";
}

internal sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";

    public string[] TopLabels { get; set; } = [];

    public float[] TopScores { get; set; } = [];
}
