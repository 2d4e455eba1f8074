using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Formats.Keras;

/// <summary>Builds our stack of Keras' layers; each batch normalization goes into the layer before it.</summary>
internal static class KerasStack
{
    public static KerasArchitecture Read(
        KerasTopology topology, Func<KerasLayerConfig, IReadOnlyList<Layer>> layerOf)
    {
        var stack = new Sequential(topology.Input);
        var slots = new KerasSlots();
        var weighted =
            new List<(KerasLayerConfig Config, string Slot, bool UseBias, KerasNormalization? Normalization)>();
        for (var i = 0; i < topology.Layers.Count; i++)
        {
            var config = topology.Layers[i];
            var slot = slots.Next(config.ClassName);
            var layers = layerOf(config);
            if (layers[0] is WeightedLayer layer)
            {
                KerasNormalization? normalization = null;
                if (i + 1 < topology.Layers.Count && topology.Layers[i + 1] is { ClassName: "BatchNormalization" } next
                    && layer.Activation == Activation.Linear)
                {
                    normalization = KerasLayers.Normalization(
                        next, slots.Next(next.ClassName), rank: layer is Dense ? 2 : 4);
                    layers = [layer with { UseBias = true }];
                    i++;
                }

                weighted.Add((config, slot, layer.UseBias, normalization));
            }

            foreach (var next in layers)
                stack.Add(next);
        }

        var plan = stack.Plan();
        return new KerasArchitecture(
            plan,
            [.. weighted.Zip(plan.Where(layer => layer.Weights.Count > 0), (layer, planned) =>
                new KerasWeightedLayer(layer.Config.Name, layer.Slot, layer.UseBias, planned, layer.Normalization))],
            [.. topology.Layers.SelectMany(layer => layer.IgnoredSettings)]);
    }
}
