using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Tests.ModelZips;

[TestClass]
public class ScoringChainTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void ScoringChain_Columns_AreScorePredictedLabelTopLabelsTopScores()
    {
        var (scored, _, _) = ScorePixels("Pixels");

        Assert.AreEqual("Pixels, Score, TopLabels, TopScores, PredictedLabel",
            string.Join(", ", scored.Schema.Where(column => !column.IsHidden).Select(column => column.Name)));
    }

    [TestMethod]
    public void ScoringChain_Score_HasTheClassesAsSlotNames()
    {
        var (scored, model, _) = ScorePixels("Pixels");

        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["Score"].GetSlotNames(ref names);
        Assert.AreEqual(string.Join(",", model.Classes), string.Join(",", names.DenseValues()));
    }

    [TestMethod]
    public void ScoringChain_PredictedLabel_IsAKeyOverTheClassesInScoresOrder()
    {
        var (scored, model, _) = ScorePixels("Pixels");

        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["PredictedLabel"].GetKeyValues(ref names);
        Assert.AreEqual(string.Join(",", model.Classes), string.Join(",", names.DenseValues()));
        var scores = scored.GetColumn<float[]>("Score");
        foreach (var (score, key) in scores.Zip(scored.GetColumn<uint>("PredictedLabel")))
            Assert.AreEqual(Array.IndexOf(score, score.Max()) + 1, (int)key);
    }

    [TestMethod]
    public void ScoringChain_Score_IsThatOfTheLoops()
    {
        var (scored, model, pictures) = ScorePixels("Pixels");

        var scores = scored.GetColumn<float[]>("Score").ToArray();
        for (var i = 0; i < pictures.Length; i++)
        {
            var expected = ReferenceNetwork.Score(model, pictures[i]);
            for (var j = 0; j < expected.Length; j++)
                Assert.AreEqual(expected[j], scores[i][j], 1e-5);
        }
    }

    [TestMethod]
    public void ScoringChain_OtherPixelsColumn_IsRead()
    {
        var (scored, _, _) = ScorePixels("Bytes");

        Assert.IsTrue(scored.GetColumn<float[]>("Score").All(score => Math.Abs(score.Sum() - 1) < 1e-5));
    }

    [TestMethod]
    public void ScoringChain_AThousandClasses_ArePredictedEach()
    {
        // The table of hashes must lead every class back to itself.
        var ml = new MLContext(seed: 1);
        var model = Identity(classes: 1000);
        var rows = Enumerable.Range(0, 1000).Select(i => new Row { Pixels = [(byte)(i % 256), (byte)(i / 256), 0] });
        var scored = ScoringChain.Create(ml, model).Transform(View(ml, rows, "Pixels", 1));

        CollectionAssert.AreEqual(
            Enumerable.Range(1, 1000).Select(i => (uint)i).ToArray(),
            scored.GetColumn<uint>("PredictedLabel").ToArray());
    }

    [TestMethod]
    public void GetOutputSchema_OfPixels_IsThatOfTheFittedChain()
    {
        var (scored, _, _) = ScorePixels("Bytes");
        var before = new SchemaProbe();
        var estimator = new EstimatorChain<ITransformer>().Append<ITransformer>(before);
        var view = View(_ml, [], "Bytes", 8);
        estimator.Append(new SchemaProbe()).Fit(view);
        var shape = ScoringChain.GetOutputSchema(_ml, before.Seen!, "Bytes");

        Assert.AreEqual(
            string.Join(", ", scored.Schema.Where(column => !column.IsHidden).Select(column => column.Name)),
            string.Join(", ", shape.Select(column => column.Name)));
        Assert.IsTrue(shape.Single(column => column.Name == "PredictedLabel") is
        { IsKey: true, Kind: SchemaShape.Column.VectorKind.Scalar });
        Assert.AreEqual(SchemaShape.Column.VectorKind.Vector, shape.Single(column => column.Name == "Score").Kind);
    }

    [TestMethod]
    public void ScoringChain_TemporaryFile_GoesWithTheChain()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1) { TempFilePath = folder.Path };

        MakeAndForget(ml);
        for (var i = 0; i < 20 && Files(folder.Path).Any(); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.IsFalse(Files(folder.Path).Any(), "The file outlived the chain.");

        static IEnumerable<string> Files(string place) => Directory.EnumerateFiles(place, "*.onnx", SearchOption.AllDirectories);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void MakeAndForget(MLContext ml)
        {
            using var chain = ScoringChain.Create(ml, ColourModel.Create());
            Assert.AreEqual(1, Files(ml.TempFilePath).Count());
        }
    }

    private (IDataView Scored, TrainedModel Model, byte[][] Pictures) ScorePixels(string column)
    {
        var model = TinyModel.Of(
            new(TensorShape.Image(6, 6, 3))
            {
                new Conv2D(4, 3, activation: Activation.Relu),
                new Flatten(),
                new Dense(4, Activation.Softmax),
            },
            imageSize: 8, seed: 2, topK: 2);
        var random = new Random(2);
        var pictures = Enumerable.Range(0, 12).Select(_ => TinyModel.Pixels(model, random)).ToArray();
        var view = View(_ml, pictures.Select(picture => new Row { Pixels = picture }), column, 8);
        return (ScoringChain.Create(_ml, model, column).Transform(view), model, pictures);
    }

    // Class i has the largest score for the pixel (i mod 256, i / 256, 0): a linear layer by the distance to it.
    private static TrainedModel Identity(int classes)
    {
        var stack = new Sequential(TensorShape.Image(1, 1, 3))
        {
            new Flatten(),
            new Dense(classes, Activation.Softmax),
        };
        var kernel = new float[classes * 3];
        var bias = new float[classes];
        for (var i = 0; i < classes; i++)
        {
            // -|p - c|^2 = 2 p.c - |c|^2 + what is the same for all classes.
            var (r, g) = (i % 256, i / 256 * 16);
            (kernel[3 * i], kernel[3 * i + 1], bias[i]) = (2 * r, 2 * g * 16, -(r * r) - g * g);
        }

        var weights = new WeightSet(
        [
            new("dense_1/kernel", new Weight([classes, 3], kernel)),
            new("dense_1/bias", new Weight([classes], bias)),
        ]);
        return new TrainedModel(
            stack.Plan(), weights, new ImagePreprocessing(1, [0, 0, 0], [1, 1, 1]) { ImageSize = 1 },
            [.. Enumerable.Range(0, classes).Select(i => $"class {i}")]);
    }

    private static IDataView View(MLContext ml, IEnumerable<Row> rows, string column, int size)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        (schema[0].ColumnName, schema[0].ColumnType) =
            (column, new VectorDataViewType(NumberDataViewType.Byte, size, size, 3));
        return ml.Data.LoadFromEnumerable(rows, schema);
    }

    private sealed class Row
    {
        public byte[] Pixels { get; set; } = [];
    }

    // SchemaShape has no public constructor from a schema; an estimator is given one.
    private sealed class SchemaProbe : IEstimator<ITransformer>
    {
        public SchemaShape? Seen { get; private set; }

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Seen = inputSchema;
    }
}
