using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;

namespace MlNetAlexNet.Training.Tests.Teachers;

/// <summary>A network for 32x32 pictures in a file of ours, of random weights: its last hidden layer has 16 features.</summary>
internal static class TinyTeacher
{
    public const int Width = 16;

    public static TrainedModel Model { get; } = Create();

    /// <summary>The options of it, written to the folder.</summary>
    public static TeacherOptions Write(TemporaryFolder folder)
    {
        var file = Path.Combine(folder.Path, "teacher.onnx");
        ModelFile.Write(Model, file);
        return new TeacherOptions { Model = file };
    }

    private static TrainedModel Create()
    {
        var plan = TinyPictures.Network(3, 0).Plan();
        return new TrainedModel(
            plan,
            WeightInitializer.HeNormal(plan, new Random(3)),
            new ImagePreprocessing(28, [100, 100, 100], [40, 40, 40]) { ImageSize = TinyPictures.Size },
            TinyPictures.Classes,
            topK: 3);
    }
}
