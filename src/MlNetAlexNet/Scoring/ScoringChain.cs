using Microsoft.ML;
using Microsoft.ML.Data;
namespace MlNetAlexNet.Scoring;
internal static class ScoringChain {
  public static TransformerChain<ITransformer> Create(MLContext ml, TrainedModel model, string pixels) => throw new NotImplementedException();
  public static SchemaShape GetOutputSchema(MLContext ml, SchemaShape s, string pixels) => throw new NotImplementedException();
}
