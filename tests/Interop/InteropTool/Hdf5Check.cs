using System.Runtime.InteropServices;
using MlNetAlexNet.Formats.Keras;
using MlNetAlexNet.Layers;

namespace MlNetAlexNet.InteropTool;

/// <summary>Keras files with each weight beside them as plain floats; the check's script says how.</summary>
internal static class Hdf5Check
{
    public static void Write(string folder)
    {
        var stack = new Sequential(TensorShape.Image(20, 20, 3))
        {
            new Conv2D(6, 3, padding: Padding.Explicit(0, 1, 2, 1), groups: 3),
            new MaxPooling2D(2),
            new Flatten(),
            new Dense(5000, Activation.Relu), // in more than one block
            new Dense(3, Activation.Softmax),
        };
        var plan = stack.Plan();
        var weights = WeightInitializer.HeNormal(plan, new Random(1));
        Write(folder, "model", plan, weights, variable =>
            $"model_weights/{variable.Place.Name}/{variable.Place.Name}/{variable.Name}:0");
        Write(folder, "model.weights", plan, weights, KerasSavedVariables.PathOf);
    }

    private static void Write(
        string folder, string name, LayerPlan plan, WeightSet weights, Func<KerasVariable, string> pathOf)
    {
        var plain = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        KerasFile.Write(plan, weights, Path.Combine(folder, $"{name}.h5"));
        foreach (var (layer, variable) in KerasWeights.VariablesOf(plan))
        {
            using var file = File.Create(Path.Combine(plain, pathOf(variable).Replace('/', ',') + ".bin"));
            var values = weights[KerasWeights.KeyOf(layer, variable)].Values;
            foreach (var (_, block) in KerasWeights.ToKeras(variable, values))
                file.Write(MemoryMarshal.AsBytes(block.AsSpan()));
        }
    }
}
