using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Tests;

/// <summary>A preset with an eighth of the filters and narrow dense layers: the same layers in milliseconds.</summary>
internal static class ThinPreset
{
    public static Sequential Of(ModelPreset preset, int classes, double dropout)
    {
        var whole = preset.Network(classes, dropout);
        var thin = new Sequential(whole.Input);
        foreach (var layer in whole)
        {
            thin.Add(layer switch
            {
                Conv2D c => new Conv2D(c.Filters / 8, c.Kernel, c.Strides, c.Padding, c.Activation, c.Groups),
                Dense { Activation: Activation.Relu } => new Dense(64, Activation.Relu),
                _ => layer with { Name = null },
            });
        }

        return thin;
    }
}
