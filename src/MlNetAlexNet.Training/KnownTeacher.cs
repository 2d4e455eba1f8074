namespace MlNetAlexNet.Training;

/// <summary>A teacher that comes as a package: its files lie beside the app that references it.</summary>
/// <param name="Name">As it is asked for.</param>
/// <param name="Package">That has the files.</param>
/// <param name="Files">
/// ONNX networks, from the app's folder; the first takes 32-bit floats of red, green and blue, 0 to 255, each the one before's
/// output.
/// </param>
internal sealed record KnownTeacher(string Name, string Package, IReadOnlyList<string> Files)
{
    public static IReadOnlyList<KnownTeacher> All { get; } =
    [
        // ML.NET's Microsoft.ML.Transforms.ResNet18Extension names the same two; the first takes the mean picture away
        // and puts blue first.
        new(
            "resnet18",
            "Microsoft.ML.DnnImageFeaturizer.ResNet18",
            ["DnnImageModels/ResNetPrepOnnx/ResNetPreprocess.onnx", "DnnImageModels/ResNet18Onnx/ResNet18.onnx"]),
    ];

    /// <summary>Whether it is one of these, whatever files there are.</summary>
    public static bool IsKnown(string name) => Get(name) is not null;

    /// <summary>The files of a teacher by its name; null where it is none of these.</summary>
    /// <exception cref="AlexNetException">They are not there.</exception>
    public static IReadOnlyList<string>? Find(string name)
    {
        if (Get(name) is not { } teacher)
            return null;

        string[] files = [.. teacher.Files.Select(file => Path.Combine(AppContext.BaseDirectory, file))];
        return files.FirstOrDefault(file => !File.Exists(file)) is { } missing
            ? throw new AlexNetException(
                $"The teacher '{name}' needs '{missing}', which is not there. Add the package {teacher.Package} to the app that "
                + "trains: 'dotnet add package " + teacher.Package + "'.")
            : files;
    }

    private static KnownTeacher? Get(string name) =>
        All.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
