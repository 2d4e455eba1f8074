using MlNetAlexNet.Training.Data;

namespace MlNetAlexNet.Benchmarks.Training;

/// <summary>Pictures of noise with classes at random, as the pixel cache holds decoded ones; gone when disposed.</summary>
internal static class MadePictures
{
    public const int Classes = 10;

    public static PixelRows Draw(int count)
    {
        const int size = 256;
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
        var random = new Random(1);
        var picture = new byte[PixelFile.BytesOf(size)];
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            random.NextBytes(picture);
            labels[i] = random.Next(Classes);
            RandomAccess.Write(file, picture, (long)i * picture.Length);
        }

        return new PixelRows(
            new PixelSet(new PixelFile(file, size, temporary: path), labels), [.. Enumerable.Range(0, count)]);
    }
}
