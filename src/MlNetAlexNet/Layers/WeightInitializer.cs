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
        ArgumentNullException.ThrowIfNull(random);
        var last = plan.LastOrDefault(layer => layer.Parameters > 0)?.Name;
        var weights = new Dictionary<string, Weight>();
        foreach (var layer in plan)
        {
            foreach (var shape in layer.Weights)
            {
                var values = new float[shape.Elements];
                if (shape.Name == "kernel")
                {
                    var inputs = (double)shape.Elements / shape.Dimensions[0];
                    FillNormal(values, random, layer.Name == last ? LastLayerDeviation : Math.Sqrt(2 / inputs));
                }

                weights.Add(layer.WeightName(shape), new Weight(shape.Dimensions, values));
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
