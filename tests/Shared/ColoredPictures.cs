using SkiaSharp;

namespace MlNetAlexNet.Tests;

/// <summary>Folders of small noisy pictures whose colour is their class: easily learnt.</summary>
internal static class ColoredPictures
{
    public static readonly string[] Classes = ["blue", "green", "red"];
    private static readonly SKColor[] Colors = [SKColors.Blue, SKColors.Green, SKColors.Red];

    /// <summary>Draws <paramref name="perClass"/> pictures of each class: <c>folder/CLASS/1.png</c> and so on.</summary>
    public static void Draw(string folder, int perClass, int seed = 1)
    {
        var random = new Random(seed);
        foreach (var (name, color) in Classes.Zip(Colors))
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            for (var i = 1; i <= perClass; i++)
            {
                using var bitmap = new SKBitmap(40, 40);
                for (var pixel = 0; pixel < bitmap.Width * bitmap.Height; pixel++)
                {
                    bitmap.SetPixel(pixel % bitmap.Width, pixel / bitmap.Width, new SKColor(
                        Noisy(color.Red), Noisy(color.Green), Noisy(color.Blue)));
                }

                using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
                using var file = File.Create(Path.Combine(folder, name, $"{i}.png"));
                png.SaveTo(file);
            }
        }

        byte Noisy(byte value) => (byte)Math.Clamp(value + random.Next(-60, 60), 0, 255);
    }
}
