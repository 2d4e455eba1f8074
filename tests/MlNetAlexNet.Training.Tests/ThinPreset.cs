using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;

namespace MlNetAlexNet.Training.Tests;

/// <summary>A preset with an eighth of the filters and narrow dense layers: the same layers in milliseconds.</summary>
internal static class ThinPreset
{
    public static Sequential Of(ModelPreset preset, int classes, double dropout)
    {
        var whole = preset.Network(classes, dropout);
        return new Sequential(whole.Input, whole.Select(layer => layer switch
        {
            Conv2D conv => conv with { Filters = conv.Filters / 8 },
            Dense { Activation: Activation.Relu } dense => dense with { Units = 64 },
            _ => layer,
        }));
    }
}
