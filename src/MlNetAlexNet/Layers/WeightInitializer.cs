namespace MlNetAlexNet.Layers;

/// <summary>Random weights to start training from.</summary>
public static class WeightInitializer
{
    /// <summary>Deviation of the last layer, small so that the first predictions are nearly uniform.</summary>
    public const double LastLayerDeviation = 0.01;

    /// <summary>
    /// Kernels from N(0, 2 / inputs) (He, Zhang, Ren, Sun 2015, equation 10), the last layer from
    /// N(0, <see cref="LastLayerDeviation"/>^2) (Krizhevsky 2012, section 5), biases 0.
    /// </summary>
    /// <param name="plan">The stack.</param>
    /// <param name="random">The source of the draws; one seed always gives the same weights.</param>
    public static WeightSet HeNormal(LayerPlan plan, Random random)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var last = Last(plan);
        return Draw(
            plan,
            random,
            (layer, kernel) => layer == last ? LastLayerDeviation : Math.Sqrt(2 / Inputs(kernel)),
            _ => 0);
    }

    /// <summary>
    /// Kernels from N(0, 0.01^2); biases of the second, fourth and fifth convolution and of the dense layers but the last
    /// a constant, so that their units start out positive; the others 0 (Krizhevsky 2012, section 5).
    /// </summary>
    /// <param name="plan">The stack.</param>
    /// <param name="random">The source of the draws; one seed always gives the same weights.</param>
    /// <param name="bias">
    /// That constant. Default 1, the paper's; Caffe's replication did not learn with it, but with 0.1
    /// (caffe/models/bvlc_alexnet/readme.md).
    /// </param>
    /// <param name="denseDeviation">Deviation of the dense layers but the last. Default 0.01; Caffe has 0.005.</param>
    public static WeightSet Krizhevsky(LayerPlan plan, Random random, double bias = 1, double denseDeviation = 0.01)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var last = Last(plan);
        var convolutions = plan.Where(layer => layer.Layer is Conv2D).ToList();
        return Draw(
            plan,
            random,
            (layer, _) => layer.Layer is Dense && layer != last ? denseDeviation : 0.01,
            layer => layer != last && (layer.Layer is Dense || convolutions.IndexOf(layer) is 1 or 3 or 4) ? bias : 0);
    }

    private static double Inputs(WeightShape kernel) => (double)kernel.Elements / kernel.Dimensions[0];

    private static PlannedLayer? Last(LayerPlan plan) => plan.LastOrDefault(layer => layer.Layer is WeightedLayer);

    private static WeightSet Draw(
        LayerPlan plan,
        Random random,
        Func<PlannedLayer, WeightShape, double> deviation,
        Func<PlannedLayer, double> bias)
    {
        ArgumentNullException.ThrowIfNull(random);
        var weights = new Dictionary<string, Weight>();
        foreach (var layer in plan)
        {
            foreach (var shape in layer.Weights)
            {
                var values = new float[shape.Elements];
                if (shape.Name == "kernel")
                    FillNormal(values, random, deviation(layer, shape));
                else
                    Array.Fill(values, shape.Name switch
                    {
                        "bias" => (float)bias(layer),
                        "gamma" or "moving_variance" => 1, // as Keras' BatchNormalization
                        _ => 0,
                    });

                weights.Add(layer.GetWeightName(shape), new Weight(shape.Dimensions, values));
            }
        }

        return new WeightSet(weights);
    }

    // Box and Muller 1958: two uniform draws give two normal ones.
    private static void FillNormal(Span<float> values, Random random, double deviation)
    {
        for (var i = 0; i < values.Length; i += 2)
        {
            var radius = deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            values[i] = (float)(radius * cosine);
            if (i + 1 < values.Length)
            {
                values[i + 1] = (float)(radius * sine);
            }
        }
    }
}
