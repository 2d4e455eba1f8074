using System.Buffers.Binary;
using System.IO.Hashing;
using MlNetAlexNet.Inspection;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Inspection;

/// <summary>A fault of every kind, made here, among pictures that have none.</summary>
internal sealed class PlantedFaults(string root)
{
    private readonly List<string> _expected = [];

    /// <summary>What an inspection is to find: kind, likeness and paths of each, in ordinal order.</summary>
    public IReadOnlyList<string> Expected => [.. _expected.Order(StringComparer.Ordinal)];

    /// <summary>A finding as a line of <see cref="Expected"/>.</summary>
    public static string Describe(Finding finding) => Line(finding.Kind, finding.Likeness, finding.Paths);

    /// <summary>Plants all of them.</summary>
    /// <param name="one">A class that has pictures in <c>train</c>, <c>validation</c> and <c>test</c>.</param>
    /// <param name="other">Another one.</param>
    /// <param name="photographs">JPEGs that are not in the folder, no two alike; 20 of them are used.</param>
    public void Plant(string one, string other, IReadOnlyList<byte[]> photographs)
    {
        var photograph = new Queue<byte[]>(photographs);
        PlantFiles($"train/{one}", photograph);
        PlantTraits($"train/{other}", photograph);
        PlantCopies(one, other, photograph);
        PlantNames(one, photograph);
    }

    private void PlantFiles(string folder, Queue<byte[]> photograph)
    {
        Add(FindingKind.Empty, $"{folder}/empty.jpg", []);
        Add(FindingKind.NotAPicture, $"{folder}/text.jpg", "This is a note, not a picture."u8.ToArray());
        Add(FindingKind.NotAPicture, $"{folder}/page.png", "<!DOCTYPE html><html><body>404 Not Found</body></html>"u8.ToArray());
        Add(FindingKind.NotAPicture, $"{folder}/scan.tif", [.. "II*\0"u8, 8, 0, 0, 0, 0, 0]);
        Add(FindingKind.NotAPicture, $"{folder}/zeros.jpg", new byte[5000]);
        var whole = photograph.Dequeue();
        Add(FindingKind.Truncated, $"{folder}/half.jpg", whole[..(whole.Length / 2)]);
        var png = Encode(photograph.Dequeue(), SKEncodedImageFormat.Png);
        Add(FindingKind.Truncated, $"{folder}/half.png", png[..(png.Length / 2)]);
        var damaged = Encode(photograph.Dequeue(), SKEncodedImageFormat.Png);
        damaged[damaged.Length / 2] ^= 0xFF; // in the compressed pixels
        Add(FindingKind.Damaged, $"{folder}/damaged.png", damaged);
        Add(FindingKind.TooLarge, $"{folder}/vast.png", Png(
            Chunk("IHDR", [.. BigEndian(20_000), .. BigEndian(20_000), 8, 2, 0, 0, 0]), Chunk("IDAT", [1, 2, 3])));
        File.CreateSymbolicLink(PathOf($"{folder}/gone.jpg"), PathOf("nowhere.jpg"));
        _expected.Add(Line(FindingKind.Unreadable, null, [$"{folder}/gone.jpg"]));
    }

    private void PlantTraits(string folder, Queue<byte[]> photograph)
    {
        Add(FindingKind.WrongExtension, $"{folder}/really-a-png.jpg", Encode(photograph.Dequeue(), SKEncodedImageFormat.Png));
        Add(FindingKind.WrongExtension, $"{folder}/really-a-jpeg.WEBP", photograph.Dequeue());
        Add(FindingKind.Animated, $"{folder}/two-frames.gif", Pictures.AnimatedGif());
        Add(FindingKind.Animated, $"{folder}/two-frames.webp", AnimatedWebp(photograph.Dequeue()));
        Add(FindingKind.Animated, $"{folder}/two-frames.png", AnimatedPng(photograph.Dequeue()));
        Add(FindingKind.Cmyk, $"{folder}/print.jpg", Pictures.FourComponentJpeg(0, 10, 200, 90, 255));
        Add(FindingKind.Cmyk, $"{folder}/print-ycck.jpg", Pictures.FourComponentJpeg(2, 150, 90, 170, 230));
        Add(FindingKind.SixteenBits, $"{folder}/deep.png", DeepPng(photograph.Dequeue()));
    }

    private void PlantCopies(string one, string other, Queue<byte[]> photograph)
    {
        var same = photograph.Dequeue();
        AddCopies(FindingKind.Duplicate, Likeness.SameFile, ($"train/{one}/file-1.jpg", same), ($"train/{one}/file-2.jpg", same));
        var commented = photograph.Dequeue();
        AddCopies(FindingKind.Duplicate, Likeness.SamePixels,
            ($"train/{one}/pixels-1.jpg", commented), ($"train/{one}/pixels-2.jpg", WithComment(commented)));
        var lossless = photograph.Dequeue();
        AddCopies(FindingKind.LabelConflict, Likeness.SamePixels,
            ($"train/{one}/lossless.png", Encode(lossless, SKEncodedImageFormat.Png)),
            ($"train/{other}/lossless.png", FastPng(lossless)));
        var conflict = photograph.Dequeue();
        AddCopies(FindingKind.LabelConflict, Likeness.SameFile, ($"train/{one}/both.jpg", conflict), ($"test/{other}/both.jpg", conflict));
        var leak = photograph.Dequeue();
        AddCopies(FindingKind.Leakage, Likeness.SameFile,
            ($"train/{one}/leak.jpg", leak), ($"validation/{one}/leak.jpg", leak), ($"test/{one}/leak.jpg", leak));

        var near = photograph.Dequeue();
        AddCopies(FindingKind.Duplicate, Likeness.Near, ($"train/{one}/near.jpg", near), ($"train/{one}/near-60.jpg", Copies.Recompress(near, 60)));
        near = photograph.Dequeue();
        AddCopies(FindingKind.LabelConflict, Likeness.Near, ($"train/{one}/small.jpg", near), ($"train/{other}/small.jpg", Copies.Halve(near)));
        near = photograph.Dequeue();
        AddCopies(FindingKind.Leakage, Likeness.Near, ($"train/{one}/bright.jpg", near), ($"test/{one}/bright.jpg", Copies.Brighten(near)));
        near = photograph.Dequeue();
        AddCopies(FindingKind.Leakage, Likeness.Near, ($"train/{other}/cut.jpg", near), ($"validation/{other}/cut.jpg", Copies.CutBorders(near)));
    }

    private void PlantNames(string one, Queue<byte[]> photograph)
    {
        Write($"train/{one}/Case.jpg", photograph.Dequeue());
        Write($"train/{one}/CASE.JPG", photograph.Dequeue());
        _expected.Add(Line(FindingKind.CaseOnly, null, [$"train/{one}/CASE.JPG", $"train/{one}/Case.jpg"]));
        Add(FindingKind.NotTaken, $"train/{one}/notes.txt", [1]);
        Add(FindingKind.BesideClasses, "train/loose.jpg", [1]);
        Write("train/only here/a.jpg", photograph.Dequeue());
        _expected.Add(Line(FindingKind.FewPictures, null, ["train/only here"]));
        _expected.Add(Line(FindingKind.Imbalance, null, [$"train/{one}", "train/only here"])); // 10 pictures and more by one
        _expected.Add(Line(FindingKind.MissingClass, null, ["test/only here"]));
        _expected.Add(Line(FindingKind.MissingClass, null, ["validation/only here"]));

        // Nothing is found in these.
        Write($"train/{one}/.hidden.jpg", []);
        Write($"train/{one}/.ipynb_checkpoints/copy.jpg", []);
        Write($"train/{one}/dark-1.png", Pictures.Flat(64, 64, new SKColor(5, 5, 5), SKEncodedImageFormat.Png));
        Write($"validation/{one}/dark-2.png", Pictures.Flat(64, 64, new SKColor(6, 6, 6), SKEncodedImageFormat.Png));
        Write($"test/{one}/pale.png", Pictures.Flat(64, 64, new SKColor(250, 250, 251), SKEncodedImageFormat.Png));
    }

    private void AddCopies(FindingKind kind, Likeness likeness, params (string Path, byte[] Bytes)[] copies)
    {
        foreach (var (path, bytes) in copies)
            Write(path, bytes);
        _expected.Add(Line(kind, likeness, [.. copies.Select(copy => copy.Path).Order(StringComparer.Ordinal)]));
    }

    private void Add(FindingKind kind, string path, byte[] bytes)
    {
        Write(path, bytes);
        _expected.Add(Line(kind, null, [path]));
    }

    private void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllBytes(PathOf(path), bytes);
    }

    private string PathOf(string path) => Path.Combine(root, path);

    private static string Line(FindingKind kind, Likeness? likeness, IReadOnlyList<string> paths) =>
        $"{kind} {likeness}: {string.Join(" = ", paths)}";

    private static byte[] Encode(byte[] photograph, SKEncodedImageFormat format)
    {
        using var bitmap = SKBitmap.Decode(photograph);
        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }

    private static byte[] FastPng(byte[] photograph)
    {
        using var bitmap = SKBitmap.Decode(photograph);
        using var pixels = bitmap.PeekPixels();
        using var data = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.NoFilters, 1));
        return data.ToArray();
    }

    private static byte[] DeepPng(byte[] photograph)
    {
        using var bitmap = SKBitmap.Decode(photograph);
        using var deep = bitmap.Copy(SKColorType.RgbaF16);
        using var data = deep.Encode(SKEncodedImageFormat.Png, 100);
        Assert.AreEqual(16, data.ToArray()[24]);
        return data.ToArray();
    }

    private static byte[] WithComment(byte[] jpeg) => [0xFF, 0xD8, 0xFF, 0xFE, 0, 7, .. "hello"u8, .. jpeg[2..]];

    // Two frames of the same pixels (PNG, third edition, 11.3.6).
    private static byte[] AnimatedPng(byte[] photograph)
    {
        var png = Encode(photograph, SKEncodedImageFormat.Png);
        var (size, data) = (png.AsSpan(16, 8).ToArray(), ChunksOf(png).Where(chunk => chunk.Name == "IDAT").SelectMany(chunk => chunk.Data).ToArray());
        return Png(
            Chunk("IHDR", png.AsSpan(16, 13).ToArray()),
            Chunk("acTL", [.. BigEndian(2), .. BigEndian(0)]),
            Chunk("fcTL", [.. BigEndian(0), .. size, .. BigEndian(0), .. BigEndian(0), 0, 1, 0, 1, 0, 0]),
            Chunk("IDAT", data),
            Chunk("fcTL", [.. BigEndian(1), .. size, .. BigEndian(0), .. BigEndian(0), 0, 1, 0, 1, 0, 0]),
            Chunk("fdAT", [.. BigEndian(2), .. data]));
    }

    private static IEnumerable<(string Name, byte[] Data)> ChunksOf(byte[] png)
    {
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            yield return (System.Text.Encoding.ASCII.GetString(png, at + 4, 4), png.AsSpan(at + 8, length).ToArray());
            at += 12 + length;
        }
    }

    private static byte[] Png(params byte[][] chunks) =>
        [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. chunks.SelectMany(chunk => chunk), .. Chunk("IEND", [])];

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(name), .. data];
        return [.. BigEndian(data.Length), .. named, .. BigEndian((int)Crc32.HashToUInt32(named))];
    }

    // Two frames of the same pixels (WebP container specification).
    private static byte[] AnimatedWebp(byte[] photograph)
    {
        var webp = Encode(photograph, SKEncodedImageFormat.Webp);
        using var bitmap = SKBitmap.Decode(photograph);
        byte[] size = [.. LittleEndian(bitmap.Width - 1).AsSpan(0, 3), .. LittleEndian(bitmap.Height - 1).AsSpan(0, 3)];
        var frame = Riff("ANMF", [0, 0, 0, 0, 0, 0, .. size, 100, 0, 0, 0, .. webp.AsSpan(12)]);
        return Riff("RIFF", [.. "WEBP"u8, .. Riff("VP8X", [2, 0, 0, 0, .. size]), .. Riff("ANIM", new byte[6]), .. frame, .. frame]);
    }

    private static byte[] Riff(string name, byte[] data) =>
        [.. System.Text.Encoding.ASCII.GetBytes(name), .. LittleEndian(data.Length), .. data, .. new byte[data.Length % 2]];

    private static byte[] BigEndian(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] LittleEndian(int value) => BitConverter.GetBytes(value);
}
