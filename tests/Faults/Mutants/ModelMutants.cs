using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Faults.Mutants;

/// <summary>Files of a small model, and changes of them: of bytes, and of what the bytes mean.</summary>
internal static class ModelMutants
{
    public static Func<Random, byte[]> Onnx()
    {
        var whole = Write(".onnx");
        return random => random.Next(3) == 0 ? ByteChanges.Apply(whole, random) : OnnxChanges.Apply(whole, random);
    }

    public static Func<Random, byte[]> Zip()
    {
        var whole = Write(".zip");
        return random => random.Next(3) == 0 ? ByteChanges.Apply(whole, random) : ZipChanges.Apply(whole, random);
    }

    private static byte[] Write(string ending)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, $"model{ending}");
        ModelFile.Write(Create(), path);
        return File.ReadAllBytes(path);
    }

    private static TrainedModel Create()
    {
        var plan = new Sequential(TensorShape.Image(8, 8, 3))
        {
            new Conv2D(4, (3, 3), activation: Activation.Relu),
            new MaxPooling2D((2, 2)),
            new Flatten(),
            new Dense(3, Activation.Softmax),
        }.Plan();
        var preprocessing = new ImagePreprocessing(8, [120, 110, 100], [60, 50, 70]) { ImageSize = 10 };
        return new TrainedModel(plan, WeightInitializer.HeNormal(plan, new Random(1)), preprocessing, ["a", "b", "c"], topK: 2);
    }
}
