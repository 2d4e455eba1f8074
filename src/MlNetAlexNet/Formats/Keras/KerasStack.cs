using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>Builds our stack of Keras' layers.</summary>
internal static class KerasStack
{
    /// <param name="topology">Keras' layers.</param>
    /// <param name="layersOf">A layer of a known class as ours, given what goes in; none if it does nothing in scoring.</param>
    /// <param name="customLayers">Layers of the user's own, by name or class.</param>
    public static KerasArchitecture Read(
        KerasTopology topology,
        Func<KerasLayerConfig, TensorShape, IReadOnlyList<Layer>> layersOf,
        IReadOnlyDictionary<string, Layer> customLayers)
    {
        var assumed = new List<string>();
        var shape = topology.Input ?? ResizedInput(topology, assumed);
        var stack = new Sequential(shape);
        var names = new KerasNames();
        var decays = new Dictionary<string, KerasLayerConfig>();
        var (scalings, leftOut, weighted) = (new List<KerasScaling>(), new List<KerasLayerConfig>(), new Queue<KerasPlace>());
        foreach (var config in topology.Layers)
        {
            var custom = config.Names.Select(customLayers.GetValueOrDefault).FirstOrDefault(layer => layer is not null);
            if (custom is null && config.Stranger is null && KerasScaling.Read(config, topology.Channels) is { } scaling)
            {
                if (stack.Any())
                    throw config.Refused("scales values inside the network; it is known only before the first layer");
                scalings.Add(scaling);
                continue;
            }

            var layers = custom is null ? layersOf(config, shape)
                : custom is ActivationLayer { Activation: Activation.Linear } ? []
                : [custom];
            if (layers.Count == 0)
                leftOut.Add(config);
            for (var i = 0; i < layers.Count; i++)
            {
                var layer = layers[i] with { Name = names.Take(i == 0 ? config.Place : new KerasPlace(layers[i].Name!, [], "")) };
                stack.Add(layer);
                if (layer is WeightedLayer && config.KernelDecay is not null)
                    decays[layer.Name!] = config;
                if (layer.ListWeights(shape).Count > 0)
                    weighted.Enqueue(config.Place);
                shape = layer.ComputeOutputShape(shape);
            }
        }

        assumed.AddRange(topology.Layers.Select(layer => layer.Precision).Distinct()
            .Where(precision => precision is not (null or "float32"))
            .Select(precision => $"32-bit floats where the file has {precision}"));
        var plan = stack.Plan();
        return new KerasArchitecture(
            plan,
            [.. plan.Where(layer => layer.Weights.Count > 0)
                .Select(layer => new KerasWeightedLayer(weighted.Dequeue(), layer))])
        {
            Scalings = scalings,
            LeftOut = [.. leftOut.Select(layer => layer.Place)],
            Ignored =
            [
                .. leftOut.Select(layer => $"{layer.Name} ({layer.ClassName})"),
                .. topology.Layers.Except(leftOut).SelectMany(layer => layer.IgnoredSettings),
            ],
            Assumed = assumed,
            Initializers = [.. topology.Layers.SelectMany(layer => layer.Initializers)],
            KernelDecays = decays.ToDictionary(pair => pair.Key, pair => pair.Value.KernelDecay!.Value),
            KernelRegularizers = [.. decays.Values.Select(config => config.KernelRegularizer)],
        };
    }

    // A network that takes every size and begins with Resizing is given pictures of that size at once.
    private static TensorShape ResizedInput(KerasTopology topology, List<string> assumed)
    {
        if (topology.Layers.FirstOrDefault(layer => !KerasLayers.KeepsEverySize(layer)) is not { ClassName: "Resizing" } first)
        {
            throw KerasJson.Fault(
                "takes pictures of every size; the input must be a picture of fixed size, [null, height, width, channels]");
        }

        first.Require("crop_to_aspect_ratio", "False");
        first.Require("pad_to_aspect_ratio", "False");
        var size = TensorShape.Image(first.Integer("height"), first.Integer("width"), topology.Channels);
        assumed.Add($"pictures of {size.Height}x{size.Width}, to which the layer '{first.Name}' brings them");
        return size;
    }
}
