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
            if (UsesBias(layers[0]) is { } useBias)
            {
                KerasNormalization? normalization = null;
                if (i + 1 < topology.Layers.Count && topology.Layers[i + 1] is { ClassName: "BatchNormalization" } next
                    && IsLinear(layers[0]))
                {
                    normalization = KerasLayers.Normalization(
                        next, slots.Next(next.ClassName), rank: layers[0] is Dense ? 2 : 4);
                    layers = [WithBias(layers[0])];
                    i++;
                }

                weighted.Add((config, slot, useBias, normalization));
            }

            foreach (var layer in layers)
                stack.Add(layer);
        }

        var plan = stack.Plan();
        return new KerasArchitecture(
            plan,
            [.. weighted.Zip(plan.Where(layer => layer.Weights.Count > 0), (layer, planned) =>
                new KerasWeightedLayer(layer.Config.Name, layer.Slot, layer.UseBias, planned, layer.Normalization))],
            [.. topology.Layers.SelectMany(layer => layer.IgnoredSettings)]);
    }

    private static bool? UsesBias(Layer layer) => layer switch
    {
        Conv2D conv => conv.UseBias,
        Dense dense => dense.UseBias,
        _ => null,
    };

    private static bool IsLinear(Layer layer) => layer switch
    {
        Conv2D conv => conv.Activation == Activation.Linear,
        Dense dense => dense.Activation == Activation.Linear,
        _ => false,
    };

    private static Layer WithBias(Layer layer) => layer switch
    {
        Conv2D conv => new Conv2D(
            conv.Filters, conv.Kernel, conv.Strides, conv.Padding, conv.Activation, conv.Groups, conv.Dilation)
        { Name = conv.Name },
        Dense dense => new Dense(dense.Units, dense.Activation) { Name = dense.Name },
        _ => layer,
    };
}
