using MlNetAlexNet.Layers;

namespace MlNetAlexNet.Models;

public static partial class AlexNet
{
    // The paper subtracts the mean and does not divide (section 2), which is what weights of N(0, 0.01^2) are made for;
    // the mean over ImageNet from caffe/models/bvlc_reference_caffenet/train_val.prototxt.
    private static readonly ImagePreprocessing s_centred = new(227, [123, 117, 104], [1, 1, 1]);

    // torchvision/transforms/_presets.py, ImageClassification, in units of 0 to 1.
    private static readonly ImagePreprocessing s_imageNet = new(
        224, [0.485f * 255, 0.456f * 255, 0.406f * 255], [0.229f * 255, 0.224f * 255, 0.225f * 255]);

    /// <summary>The name of <see cref="Keras"/>, the preset where none is named.</summary>
    public const string DefaultPreset = "keras";

    /// <summary>
    /// Every stack with its initial weights and preprocessing: <c>keras</c> and <c>torchvision</c>, which start from
    /// <see cref="WeightInitializer.HeNormal"/>, and <c>paper</c>, <c>caffe</c> and <c>caffenet</c>, which start from
    /// <see cref="WeightInitializer.Krizhevsky"/> as their authors did.
    /// </summary>
    public static IReadOnlyList<ModelPreset> Presets { get; } =
    [
        new(DefaultPreset, Keras) { Dropout = 0 },
        new("paper", Paper)
        {
            InitialWeights = (plan, random, bias) => WeightInitializer.Krizhevsky(plan, random, bias),
            InitialBias = 1,
            Preprocessing = s_centred,
        },
        new("torchvision", Torchvision) { Preprocessing = s_imageNet },
        new("caffe", Caffe) { InitialWeights = DrawCaffe, InitialBias = 0.1, Preprocessing = s_centred },
        new("caffenet", CaffeNet) { InitialWeights = DrawCaffe, InitialBias = 1, Preprocessing = s_centred },
    ];

    /// <summary>The preset of that name; case does not matter.</summary>
    /// <exception cref="AlexNetException">There is none; the message lists those there are.</exception>
    public static ModelPreset GetPreset(string name) => FindPreset(name)
        ?? throw new AlexNetException(
            $"There is no preset '{name}'. Known: {string.Join(", ", Presets.Select(preset => preset.Name))}.");

    internal static ModelPreset? FindPreset(string name) =>
        Presets.FirstOrDefault(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static WeightSet DrawCaffe(LayerPlan plan, Random random, double bias) =>
        WeightInitializer.Krizhevsky(plan, random, bias, denseDeviation: 0.005);
}
