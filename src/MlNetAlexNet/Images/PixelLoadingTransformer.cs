using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetAlexNet.Images;

/// <summary>
/// What <see cref="ImageCatalog.LoadPixels"/> fits: <see cref="PixelDecoder"/> computes the columns, and what is saved
/// are ML.NET's own stages with the same columns, so nothing of this library gets into a model zip.
/// </summary>
/// <param name="decoding">Computes the columns.</param>
/// <param name="stock">Is saved: loads, resizes and extracts.</param>
internal sealed class PixelLoadingTransformer(
    ITransformer decoding, TransformerChain<ITransformer> stock) : ITransformer
{
    /// <summary>The stages that are saved.</summary>
    public TransformerChain<ITransformer> Stock => stock;

    public bool IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => decoding.GetOutputSchema(inputSchema);

    public IDataView Transform(IDataView input) => decoding.Transform(input);

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => decoding.GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)stock).Save(ctx);
}

/// <summary>Fits a <see cref="PixelLoadingTransformer"/>; there is nothing to learn.</summary>
/// <param name="decoding">Computes the columns.</param>
/// <param name="stock">Is saved.</param>
internal sealed class PixelLoadingEstimator(
    IEstimator<ITransformer> decoding, EstimatorChain<ITransformer> stock) : IEstimator<ITransformer>
{
    public ITransformer Fit(IDataView input) => new PixelLoadingTransformer(decoding.Fit(input), stock.Fit(input));

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => decoding.GetOutputSchema(inputSchema);
}
