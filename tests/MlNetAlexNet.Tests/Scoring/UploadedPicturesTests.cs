using MlNetAlexNet.Images;
using MlNetAlexNet.Scoring;

namespace MlNetAlexNet.Tests.Scoring;

/// <summary>Pictures that come over the network: in streams that may be read asynchronously alone, and as bytes.</summary>
[TestClass]
public sealed class UploadedPicturesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LabeledImage[] _images;
    private readonly ImageClassifier _classifier;

    public UploadedPicturesTests()
    {
        _images = ColourModel.Draw(_folder.Path);
        _classifier = ImageClassifier.Load(ColourModel.Save(_folder.Path, _images));
    }

    public required TestContext TestContext { get; set; }

    public void Dispose()
    {
        _classifier.Dispose();
        _folder.Dispose();
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task ClassifyAsync_StreamAndBytes_GiveTheAnswerOfTheFile(bool isSeekable)
    {
        foreach (var image in _images)
        {
            var expected = _classifier.Classify(image.ImagePath);
            using var upload = new Upload(image.ImagePath, isSeekable);

            var streamed = await _classifier.ClassifyAsync(upload, TestContext.CancellationToken);
            var encoded = await File.ReadAllBytesAsync(image.ImagePath, TestContext.CancellationToken);
            var inMemory = await _classifier.ClassifyAsync(encoded, TestContext.CancellationToken);

            Assert.IsFalse(upload.IsClosed);
            foreach (var prediction in (ImagePrediction[])[streamed, inMemory, _classifier.Classify(encoded)])
            {
                Assert.AreEqual(expected.PredictedLabel, prediction.PredictedLabel);
                for (var i = 0; i < expected.Score.Length; i++)
                    Assert.AreEqual(expected.Score[i], prediction.Score[i], 1e-6f);
            }
        }
    }

    // The iterator closes each before it opens the next.
    [TestMethod]
    public async Task TryClassifyMany_StreamsAndBytes_GiveTheAnswersOfTheFiles()
    {
        var paths = Enumerable.Range(0, 100)
            .Select(i => i % 9 == 5 ? WriteText(i) : _images[i * 7 % _images.Length].ImagePath).ToArray();
        var expected = _classifier.TryClassifyMany(paths, TestContext.CancellationToken).ToList();
        var open = 0;

        var streamed = _classifier.TryClassifyMany(Uploads(), TestContext.CancellationToken).ToList();
        var later = await _classifier.TryClassifyManyAsync(Uploads(), TestContext.CancellationToken)
            .ToListAsync(TestContext.CancellationToken);
        var inMemory = _classifier.TryClassifyMany(paths.Select(File.ReadAllBytes), TestContext.CancellationToken).ToList();

        foreach (var outcomes in (List<ImageOutcome>[])[streamed, later, inMemory])
        {
            Assert.HasCount(paths.Length, outcomes);
            for (var i = 0; i < paths.Length; i++)
            {
                Assert.AreEqual("", outcomes[i].Path);
                CollectionAssert.AreEqual(expected[i].Prediction?.Score, outcomes[i].Prediction?.Score);
                if (expected[i].Fault is not null)
                    StringAssert.StartsWith(outcomes[i].Fault!.Message, $"The picture at index {i} ");
            }
        }

        IEnumerable<Stream> Uploads()
        {
            foreach (var path in paths)
            {
                using var upload = new Upload(path, isSeekable: false);
                Assert.AreEqual(1, ++open);
                yield return upload;
                open--;
            }
        }
    }

    [TestMethod]
    public void ClassifyMany_StreamThatBreaks_ThrowsAfterThoseBeforeIt()
    {
        var labels = new List<string>();
        using var broken = new Upload(_images[1].ImagePath, isSeekable: false) { BreaksAfter = 10 };
        using var whole = File.OpenRead(_images[0].ImagePath);
        using var other = File.OpenRead(_images[2].ImagePath);
        Stream[] streams = [whole, broken, other];

        var fault = Assert.ThrowsExactly<AlexNetException>(() =>
        {
            foreach (var prediction in _classifier.ClassifyMany(streams, TestContext.CancellationToken))
                labels.Add(prediction.PredictedLabel);
        });

        Assert.AreEqual("The picture at index 1 cannot be read: The client has gone.", fault.Message);
        CollectionAssert.AreEqual(new[] { _images[0].Label }, labels);
    }

    [TestMethod]
    public async Task ClassifyAsync_StreamThatNeverComes_IsGivenUp()
    {
        using var cancellation = new CancellationTokenSource();
        using var upload = new Upload(_images[0].ImagePath, isSeekable: false) { StallsAfter = 10 };

        var prediction = _classifier.ClassifyAsync(upload, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => prediction);
    }

    // A batch closes at 16 MB of them, so that a few batches ahead are never much more than that.
    [TestMethod]
    public void TryClassifyMany_LargeUploads_AreNotAllReadAhead()
    {
        var bytes = new byte[PictureBatches.MostHeldBytes];
        File.ReadAllBytes(_images[0].ImagePath).CopyTo(bytes, 0); // what follows a picture is not looked at
        var read = 0;

        var label = _classifier.ClassifyMany(Uploads(), TestContext.CancellationToken).First().PredictedLabel;

        Assert.AreEqual(_images[0].Label, label);
        Assert.IsLessThanOrEqualTo(2 * Environment.ProcessorCount + 1, read);

        IEnumerable<Stream> Uploads()
        {
            for (; read < 1000; read++)
                yield return new MemoryStream(bytes);
        }
    }

    private string WriteText(int i)
    {
        var path = Path.Combine(_folder.Path, $"text {i}.jpg");
        File.WriteAllText(path, "no picture");
        return path;
    }

    /// <summary>A request's body, as ASP.NET gives it: whoever reads it and waits is refused.</summary>
    private sealed class Upload(string path, bool isSeekable) : Stream
    {
        private readonly MemoryStream _content = new(File.ReadAllBytes(path));

        public int BreaksAfter { get; init; } = int.MaxValue;

        public int StallsAfter { get; init; } = int.MaxValue;

        public bool IsClosed { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => isSeekable;

        public override bool CanWrite => false;

        public override long Length => isSeekable ? _content.Length : throw new NotSupportedException();

        public override long Position
        {
            get => isSeekable ? _content.Position : throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            if (_content.Position >= BreaksAfter)
                throw new IOException("The client has gone.");
            if (_content.Position >= StallsAfter)
                await Task.Delay(Timeout.Infinite, cancellationToken);

            return _content.Read(buffer.Span[..Math.Min(buffer.Length, 10)]); // in small pieces
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            throw new InvalidOperationException("Synchronous operations are disallowed.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            IsClosed = true;
            _content.Dispose();
            base.Dispose(disposing);
        }
    }
}
