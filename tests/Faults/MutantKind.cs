using MlNetAlexNet.Faults.Mutants;

namespace MlNetAlexNet.Faults;

/// <summary>A kind of file that is changed in many ways and read. A row here is all that a new kind needs.</summary>
/// <param name="Name">What a test calls it.</param>
/// <param name="Ending">Of its files' names.</param>
/// <param name="Create">
/// Makes a whole file, and what gives the mutant of a number and a random source: called once, in the process that reads.
/// </param>
/// <param name="Read">Reads a file in every way there is; what it throws is judged.</param>
internal sealed record MutantKind(string Name, string Ending, Func<Func<int, Random, byte[]>> Create, Action<string> Read)
{
    private static readonly MutantKind[] s_all =
    [
        new("jpeg", ".jpg", Of(PictureMutants.Jpeg), Readings.Picture),
        new("png", ".png", Of(PictureMutants.Png), Readings.Picture),
        new("bmp", ".bmp", Of(PictureMutants.Bmp), Readings.Picture),
        new("webp", ".webp", Of(PictureMutants.Webp), Readings.Picture),
        new("gif", ".gif", Of(PictureMutants.Gif), Readings.Picture),
        new("zip", ".zip", Of(ModelMutants.Zip), Readings.ModelZip),
        new("onnx", ".onnx", Of(ModelMutants.Onnx), Readings.Model),
        new("options", ".json", Of(OptionsMutants.Create), Readings.Options),
        new("checkpoint", ".json", Of(CheckpointMutants.Create), CheckpointMutants.Read),
        new("hostile", ".picture", HostilePictures.Create, Readings.Picture),
    ];

    public static MutantKind Get(string name) => s_all.Single(kind => kind.Name == name);

    private static Func<Func<int, Random, byte[]>> Of(Func<Func<Random, byte[]>> create) => () =>
    {
        var change = create();
        return (_, random) => change(random);
    };
}
