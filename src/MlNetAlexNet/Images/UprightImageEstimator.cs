using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetAlexNet.Images;

/// <summary>ML.NET's image loading estimator, whose transformer decodes with <see cref="ImageDecoder"/>.</summary>
internal sealed class UprightImageEstimator(
    ImageLoadingEstimator stock, string outputColumnName, string inputColumnName) : IEstimator<ITransformer>
{
    public ITransformer Fit(IDataView input) =>
        new UprightImageTransformer(stock.Fit(input), outputColumnName, inputColumnName);

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => stock.GetOutputSchema(inputSchema);
}
