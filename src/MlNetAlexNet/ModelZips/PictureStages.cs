using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MlNetAlexNet.ModelZips;

/// <summary>
/// The stages of a model zip that make pixels of pictures, as ML.NET saves them: a header of 256 bytes
/// (ModelHeader.cs), a block of settings, names (ImageResizer.cs, ImagePixelExtractor.cs, <c>SaveModel</c>).
/// </summary>
internal static class PictureStages
{
    private const byte IsoCrop = 1;
    private const byte Center = 4;

    /// <summary>
    /// Checks that they are those of <c>LoadPixels</c>: <see cref="Scoring.ImageClassifier"/> does the same work by itself and
    /// would give other answers than a zip with other ones.
    /// </summary>
    /// <param name="zip">The model zip.</param>
    /// <param name="imageSize">Side of the pictures that the network takes.</param>
    /// <exception cref="AlexNetException">They are missing or others.</exception>
    public static void Require(ZipArchive zip, int imageSize)
    {
        var stages = zip.Entries.Where(entry => entry.Name == "Model.key").Select(Read).ToLookup(stage => stage.Name);
        if (!stages["ImageLoaderTransform"].Any())
            throw new AlexNetException("it has no stage that loads pictures from files");

        var side = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(side, imageSize);
        RequireSettings("ImageScalerTransform", [.. side, .. side, IsoCrop, Center], "resizes");

        // Red, green and blue, in that order, as bytes; offset 0, scale 1, interleaved.
        RequireSettings("ImagePixelExtractor", [0b1110, 1, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3F, 1], "extracts pixels");

        void RequireSettings(string stage, byte[] expected, string does)
        {
            if (stages[stage].ToArray() is not [var (_, settings)] || !settings.AsSpan().EndsWith(expected))
            {
                throw new AlexNetException(
                    $"it {does} in another way than LoadPixels; score it with ML.NET's PredictionEngine");
            }
        }
    }

    private static (string Name, byte[] Settings) Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var bytes = new byte[checked((int)entry.Length)];
        stream.ReadExactly(bytes);
        var (start, length) = (Integer(0x10), Integer(0x18));
        return (Encoding.ASCII.GetString(bytes, 0x50, 24).TrimEnd('\0'), bytes[start..(start + length)]);

        int Integer(int offset) => checked((int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(offset)));
    }
}
