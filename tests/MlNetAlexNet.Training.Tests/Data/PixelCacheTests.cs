using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetAlexNet.Images;
using MlNetAlexNet.Inspection;
using MlNetAlexNet.Models;
using MlNetAlexNet.Training.Data;
using SkiaSharp;

namespace MlNetAlexNet.Training.Tests.Data;

[TestClass]
public sealed class PixelCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FixedClock _clock = new();
    private readonly IReadOnlyList<string> _paths;

    public PixelCacheTests()
    {
        var data = Path.Combine(_folder.Path, "data");
        ColoredPictures.Draw(data, 3);
        _paths = [.. Directory.GetFiles(data, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    private string CachePath => Path.Combine(_folder.Path, "cache");

    private string CacheFile => Directory.GetFiles(CachePath).Single();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Open_Pictures_HoldsWhatThePipelineGives()
    {
        using var pixels = Open(_paths).Pixels;

        var ml = new MLContext();
        var rows = ml.Data.LoadFromEnumerable(_paths.Select(path => new LabeledImage { ImagePath = path, Label = "" }));
        var theirs = ml.Transforms.LoadPixels().Fit(rows).Transform(rows).GetColumn<byte[]>("Pixels").ToList();
        for (var i = 0; i < _paths.Count; i++)
            CollectionAssert.AreEqual(theirs[i], pixels.Picture(i), _paths[i]);
    }

    [TestMethod]
    public void Open_TheSameListAgain_DecodesNothing()
    {
        Open(_paths).Pixels.Dispose();
        var times = _paths.ToDictionary(path => path, File.GetLastWriteTimeUtc);
        foreach (var (path, time) in times)
        {
            // Of the same size and time, but no picture: decoding it would fail.
            File.WriteAllBytes(path, new byte[new FileInfo(path).Length]);
            File.SetLastWriteTimeUtc(path, time);
        }

        var (pixels, bad, _, _, _) = Open(_paths);

        using (pixels)
        {
            Assert.HasCount(0, bad);
            Assert.IsTrue(pixels.Picture(0).Any(value => value > 0));
        }
    }

    [TestMethod]
    [DataRow(256, ImageResizeMode.Squash)]
    [DataRow(256, ImageResizeMode.Pad)]
    [DataRow(72, ImageResizeMode.Crop)]
    public void Open_OtherSquaresOfTheSameList_AreNotTakenForThem(int side, ImageResizeMode mode)
    {
        string[] paths = [_folder.Write("wide.png", MlNetAlexNet.Tests.Pictures.Gradient(90, 40, SKEncodedImageFormat.Png))];
        Open(paths).Pixels.Dispose();

        using var pixels = Open(paths, form: new(side, mode)).Pixels;

        CollectionAssert.AreEqual(PixelDecoder.Decode(paths[0], side, mode), pixels.Picture(0));
        Assert.HasCount(2, Directory.GetFiles(CachePath));
    }

    [TestMethod]
    public void Open_PictureOfAnotherTime_IsDecodedAgain()
    {
        Open(_paths).Pixels.Dispose();
        File.Copy(_paths[^1], _paths[0], overwrite: true);
        File.SetLastWriteTimeUtc(_paths[0], new DateTime(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc));

        using var pixels = Open(_paths).Pixels;

        CollectionAssert.AreEqual(pixels.Picture(_paths.Count - 1), pixels.Picture(0));
        Assert.HasCount(2, Directory.GetFiles(CachePath));
    }

    [TestMethod]
    [DataRow(-1L)] // of the end
    [DataRow(-100L)] // of the hashes
    [DataRow(70_000L)] // of a picture
    public void Open_BitFlipped_WritesTheFileAgain(long position)
    {
        Open(_paths).Pixels.Dispose();
        var whole = File.ReadAllBytes(CacheFile);
        var damaged = whole.ToArray();
        damaged[(position + whole.Length) % whole.Length] ^= 4;
        File.WriteAllBytes(CacheFile, damaged);

        Open(_paths).Pixels.Dispose();

        CollectionAssert.AreEqual(whole, File.ReadAllBytes(CacheFile));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1000)]
    [DataRow(500_000)]
    public void Open_CutShort_WritesTheFileAgain(int length)
    {
        Open(_paths).Pixels.Dispose();
        var whole = File.ReadAllBytes(CacheFile);
        File.WriteAllBytes(CacheFile, whole[..length]);

        Open(_paths).Pixels.Dispose();

        CollectionAssert.AreEqual(whole, File.ReadAllBytes(CacheFile));
    }

    [TestMethod]
    public void Open_TheSameListAgain_HasTheLooksOfItsSquares()
    {
        for (var run = 0; run < 2; run++)
        {
            var decoded = Open(_paths);
            using var pixels = decoded.Pixels;
            for (var i = 0; i < _paths.Count; i++)
            {
                var look = PictureLook.Compute(pixels.Picture(i), pixels.ImageSize);
                Assert.IsTrue(look.IsKnown);
                Assert.IsTrue(((ReadOnlySpan<ulong>)look).SequenceEqual(decoded.Looks[i]));
            }
        }
    }

    [TestMethod]
    public void Open_BadPictures_AreNamedInOrderEachTime()
    {
        string[] bad = [_folder.Write("data/a.jpg", [1, 2, 3]), _folder.Write("data/z.png")];
        string[] paths = [bad[0], .. _paths, bad[1]];
        for (var run = 0; run < 2; run++)
        {
            var (pixels, found, _, _, _) = Open(paths);
            pixels.Dispose();
            CollectionAssert.AreEqual(bad, found.Select(picture => picture.Path).ToArray());
            StringAssert.Contains(found[0].Reason, "a.jpg");
        }
    }

    [TestMethod]
    public void Open_AgainFromTheFile_KnowsWhichHaveTransparentParts()
    {
        string[] paths =
        [
            .. _paths, _folder.Write("data/half.png", MlNetAlexNet.Tests.Pictures.Flat(9, 9, SKColors.Red.WithAlpha(9), SKEncodedImageFormat.Png)),
        ];
        bool[] expected = [.. _paths.Select(_ => false), true];

        CollectionAssert.AreEqual(expected, Open(paths, dispose: true).Transparent.ToArray());
        CollectionAssert.AreEqual(expected, Open(paths, dispose: true).Transparent.ToArray());
    }

    [TestMethod]
    public void Open_BadPictureThatCanBeReadNow_IsDecoded()
    {
        var missing = Path.Combine(_folder.Path, "data", "late.png");
        File.WriteAllBytes(missing, new byte[new FileInfo(_paths[0]).Length]);
        var time = File.GetLastWriteTimeUtc(missing);
        Assert.HasCount(1, Open([missing, .. _paths], dispose: true).Bad);
        File.Copy(_paths[0], missing, overwrite: true);
        File.SetLastWriteTimeUtc(missing, time);

        var (pixels, bad, _, _, _) = Open([missing, .. _paths]);

        using (pixels)
        {
            Assert.HasCount(0, bad);
            CollectionAssert.AreEqual(pixels.Picture(1), pixels.Picture(0));
        }
    }

    [TestMethod]
    public void Open_TwoRunsAtOnce_BothHaveAllPicturesAndOneFileStays()
    {
        using var together = new Barrier(2);
        var runs = new PixelFile[2];
        Parallel.For(0, 2, run =>
        {
            together.SignalAndWait();
            runs[run] = Open(_paths).Pixels;
        });
        for (var i = 0; i < _paths.Count; i++)
            CollectionAssert.AreEqual(runs[0].Picture(i), runs[1].Picture(i));

        foreach (var run in runs)
            run.Dispose();

        StringAssert.EndsWith(CacheFile, ".pixels");
    }

    [TestMethod]
    public void Open_OverTheLimit_DeletesTheFileNotUsedForLongest()
    {
        var size = PixelCacheFile.CountBytes(3, PictureForm.Default.Side, new byte[32]);
        Use(_paths.Take(3));
        var first = CacheFile;
        Use(_paths.Skip(3).Take(3));
        var second = Directory.GetFiles(CachePath).Except([first]).Single();
        Use(_paths.Take(3)); // the first is now the later one

        Use(_paths.Skip(6));

        var left = Directory.GetFiles(CachePath);
        Assert.HasCount(2, left);
        CollectionAssert.Contains(left, first);
        CollectionAssert.DoesNotContain(left, second);

        void Use(IEnumerable<string> paths)
        {
            _clock.Now += TimeSpan.FromHours(1);
            Open([.. paths], limit: 2 * size).Pixels.Dispose();
        }
    }

    [TestMethod]
    public void MakeRoom_NewFileOverTheLimit_DeletesOthersBeforeItIsWritten()
    {
        Open([.. _paths.Take(3)], dispose: true);
        var size = new FileInfo(CacheFile).Length;

        Cache(limit: 2 * size).MakeRoom(size);
        Assert.HasCount(1, Directory.GetFiles(CachePath));
        Cache(limit: 2 * size).MakeRoom(size + 1);

        Assert.HasCount(0, Directory.GetFiles(CachePath));
    }

    [TestMethod]
    public void Open_OverTheLimitWithAFileInUse_LeavesIt()
    {
        using var inUse = Open([.. _paths.Take(3)], limit: 1).Pixels;
        var file = CacheFile;

        using var other = Open([.. _paths.Skip(3)], limit: 1).Pixels;

        Assert.IsTrue(File.Exists(file));
        Assert.HasCount(2, Directory.GetFiles(CachePath));
    }

    [TestMethod]
    public void Open_HalfFileOfAnEndedRun_IsDeletedAfterADay()
    {
        var half = _folder.Write("cache/x.half");
        File.SetLastWriteTimeUtc(half, _clock.Now.UtcDateTime.AddHours(-20));
        Open(_paths, dispose: true);
        Assert.IsTrue(File.Exists(half));

        _clock.Now += TimeSpan.FromHours(5);
        Open(_paths, dispose: true);

        Assert.IsFalse(File.Exists(half));
    }

    [TestMethod]
    public void Open_NewThenKept_TellsOfEachPictureInItsOrder()
    {
        foreach (var stage in (PictureStage[])[PictureStage.Decoding, PictureStage.Checking])
        {
            var told = new List<TrainingProgress>();
            PixelCache.Open(
                _paths, PictureForm.Default, DecodeBounds.Default, Cache(PixelCache.DefaultLimit),
                progress: new ProgressHandler<TrainingProgress>(told.Add)).Pixels.Dispose();

            CollectionAssert.AreEqual(
                Enumerable.Range(1, _paths.Count).Select(done => new PicturesReading(stage, done, _paths.Count)).ToArray(), told);
        }
    }

    [TestMethod]
    public void Open_FolderThatCannotBeMade_DoesWithoutIt()
    {
        var file = _folder.Write("taken");
        var cache = new PixelCacheFolder(Path.Combine(file, "below"), PixelCache.DefaultLimit, _clock);

        using var pixels = PixelCache.Open(_paths, PictureForm.Default, DecodeBounds.Default, cache).Pixels;

        Assert.IsTrue(pixels.Picture(0).Any(value => value > 0));
    }

    [TestMethod]
    public void Open_Cancelled_LeavesNothing()
    {
        Assert.ThrowsExactly<OperationCanceledException>(
            () => PixelCache.Open(
                _paths, PictureForm.Default, DecodeBounds.Default with { Cancel = new CancellationToken(canceled: true) }, Cache(PixelCache.DefaultLimit)));

        Assert.HasCount(0, Directory.GetFiles(CachePath));
    }

    private DecodedPictures Open(
        IReadOnlyList<string> paths, long limit = PixelCache.DefaultLimit, bool dispose = false, PictureForm? form = null)
    {
        var decoded = PixelCache.Open(paths, form ?? PictureForm.Default, DecodeBounds.Default, Cache(limit));
        if (dispose)
            decoded.Pixels.Dispose();

        return decoded;
    }

    private PixelCacheFolder Cache(long limit) => new(CachePath, limit, _clock);

    private sealed class FixedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
