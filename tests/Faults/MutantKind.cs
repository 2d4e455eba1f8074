using MlNetAlexNet.Faults.Tests.Mutants;

namespace MlNetAlexNet.Faults.Tests;

/// <summary>A kind of file that is changed in many ways and read. A row here is all that a new kind needs.</summary>
/// <param name="Name">What a test calls it.</param>
/// <param name="Ending">Of its files' names.</param>
/// <param name="Create">Makes a whole file and what changes it: called once, in the process that reads.</param>
/// <param name="Read">Reads a file in every way there is; what it throws is judged.</param>
internal sealed record MutantKind(string Name, string Ending, Func<Func<Random, byte[]>> Create, Action<string> Read)
{
    private static readonly MutantKind[] s_all =
    [
        new("jpeg", ".jpg", PictureMutants.Jpeg, Readings.Picture),
        new("png", ".png", PictureMutants.Png, Readings.Picture),
        new("bmp", ".bmp", PictureMutants.Bmp, Readings.Picture),
        new("webp", ".webp", PictureMutants.Webp, Readings.Picture),
        new("gif", ".gif", PictureMutants.Gif, Readings.Picture),
        new("zip", ".zip", ModelMutants.Zip, Readings.ModelZip),
        new("onnx", ".onnx", ModelMutants.Onnx, Readings.Model),
        new("options", ".json", OptionsMutants.Create, Readings.Options),
    ];

    public static MutantKind Get(string name) => s_all.Single(kind => kind.Name == name);
}
