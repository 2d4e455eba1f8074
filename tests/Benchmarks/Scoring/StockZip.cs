using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Images;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Benchmarks.Scoring;

/// <summary>A model zip in ML.NET's hands, as in any app without this library.</summary>
internal sealed class StockZip : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ITransformer _model;

    public StockZip(string path)
    {
        _model = _ml.Model.Load(path, out _);
        Engine = _ml.Model.CreatePredictionEngine<ImageInput, ImagePrediction>(_model);
    }

    public PredictionEngine<ImageInput, ImagePrediction> Engine { get; }

    public string Predict(string path) => Engine.Predict(new ImageInput { ImagePath = path }).PredictedLabel;

    /// <summary>Labels of many files through <c>Transform</c>.</summary>
    public IReadOnlyList<string> Transform(IReadOnlyList<string> paths)
    {
        var view = _ml.Data.LoadFromEnumerable(paths.Select(path => new LabeledImage { ImagePath = path }));
        return [.. _model.Transform(view).GetColumn<string>("PredictedLabel")];
    }

    public void Dispose()
    {
        Engine.Dispose();
        (_model as IDisposable)?.Dispose();
    }
}
