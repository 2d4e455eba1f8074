using System.Collections.Concurrent;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Layers;
using MlNetAlexNet.Models;
using MlNetAlexNet.ModelZips;
using MlNetAlexNet.Quantization;
using MlNetAlexNet.Scoring;
using SkiaSharp;

namespace MlNetAlexNet.Tests.Scoring;

/// <summary>One classifier, 32 threads that ask it at once, and one that disposes it meanwhile.</summary>
[TestClass]
public sealed class ConcurrencyTests : IDisposable
{
    private const int Threads = 32;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<Exception> _unseen = [];

    public ConcurrencyTests() => TaskScheduler.UnobservedTaskException += NoteUnseen;

    public required TestContext TestContext { get; set; }

    public void Dispose()
    {
        TaskScheduler.UnobservedTaskException -= NoteUnseen;
        _folder.Dispose();
    }

    [TestMethod]
    [DataRow("model.zip", ScoringViews.Middle)]
    [DataRow("model.zip", ScoringViews.TenCrops)]
    [DataRow("model-int8.zip", ScoringViews.Middle)]
    [DataRow("model-int8.zip", ScoringViews.Mirrored)]
    public void AllCalls_32Threads_GiveOneThreadsAnswers(string file, ScoringViews views)
    {
        var pictures = DrawPictures(40);
        using var classifier = Open(file, views);
        var expected = pictures.Select(classifier.Classify).ToArray();
        var ways = ListWays(TestContext.CancellationToken);

        RunThreads(thread =>
        {
            // Two ways each, and an order of its own.
            for (var way = thread; way < thread + 2; way++)
            {
                int[] order = [.. Enumerable.Range(0, pictures.Length).Select(i => (i * 7 + thread) % pictures.Length)];
                var answers = ways[way % ways.Length](classifier, [.. order.Select(i => pictures[i])]);
                foreach (var (i, answer) in order.Zip(answers))
                    AssertSame(expected[i], answer);
            }
        });
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(4)]
    public void ScoringSession_ThreadsOfItsOwn_GivesTheSameAnswers(int threads)
    {
        var model = Model();
        var onnx = TinyModel.ToOnnx(model);
        var pixels = TinyModel.Pixels(model, new Random(1));
        using var one = new ScoringSession(onnx);
        using var session = new ScoringSession(onnx, threads);
        var expected = one.Score(pixels, 1)[0];

        RunThreads(_ =>
        {
            for (var i = 0; i < 50; i++)
                AssertSame(expected, session.Score(pixels, 1)[0]);
        });
    }

    // Every call gives a result or says that the classifier is disposed, and all of them end.
    [TestMethod]
    [DataRow("model.zip", 0)]
    [DataRow("model.zip", 3)]
    [DataRow("model.zip", 40)]
    [DataRow("model-int8.zip", 40)]
    public void Dispose_UnderLoad_EndsEveryCallWithAResultOrItsException(string file, int milliseconds)
    {
        var pictures = DrawPictures(40);
        var classifier = Open(file, ScoringViews.Middle);
        var ways = ListWays(TestContext.CancellationToken);
        using var started = new Barrier(Threads + 1);
        var refused = 0;

        RunThreads(thread =>
        {
            started.SignalAndWait(TestContext.CancellationToken);
            if (thread >= Threads - 1)
            {
                Thread.Sleep(milliseconds);
                classifier.Dispose();
                classifier.Dispose();
                return;
            }

            while (true)
            {
                try
                {
                    Assert.HasCount(pictures.Length, ways[thread % ways.Length](classifier, pictures).ToList());
                }
                catch (ObjectDisposedException fault)
                {
                    Assert.AreEqual(typeof(ImageClassifier).FullName, fault.ObjectName);
                    Interlocked.Increment(ref refused);
                    return;
                }
            }
        }, Threads + 1);

        Assert.AreEqual(Threads - 1, refused);
        AssertNoFaultUnseen();
    }

    [TestMethod]
    public void Dispose_WhileTheSecondSessionLoads_LeavesNoneOfTheTwo()
    {
        if (Environment.ProcessorCount == 1)
            Assert.Inconclusive("One core has one session.");

        var onnx = TinyModel.ToOnnx(Model());
        using var loads = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim();
        var (reads, source) = (0, new Closed());
        using var graph = new ScoringGraph(onnx.Length, stream =>
        {
            if (++reads == 2)
            {
                loads.Set();
                goesOn.Wait(TestContext.CancellationToken);
            }

            stream.Write(onnx);
        })
        {
            Source = source,
        };
        var sessions = new ScoringSessions(graph, ScoringDevice.Cpu);

        var many = Task.Run(() => sessions.Many, TestContext.CancellationToken);
        loads.Wait(TestContext.CancellationToken);
        var disposing = Task.Run(sessions.Dispose, TestContext.CancellationToken);
        Assert.IsFalse(disposing.Wait(50, TestContext.CancellationToken), "did not wait for the session");
        goesOn.Set();

        Assert.IsTrue(disposing.Wait(s_patience));
        Assert.IsTrue(source.IsClosed);
        foreach (var session in (ScoringSession[])[many.Result, sessions.Alone])
            Assert.ThrowsExactly<ObjectDisposedException>(() => session.Score(new byte[3 * 24 * 24], 1));
        Assert.ThrowsExactly<ObjectDisposedException>(() => sessions.Many);
    }

    // Batches that are under way when the caller has had enough fail later, and have nobody to tell.
    [TestMethod]
    public async Task Calls_GivenUpBeforeADispose_LeaveNoFaultUnseen()
    {
        var pictures = DrawPictures(40);
        var endless = Enumerable.Range(0, int.MaxValue).Select(i => pictures[i % pictures.Length]);
        for (var round = 0; round < 20; round++)
        {
            using var classifier = Open("model.zip", ScoringViews.Middle);
            using var cancel = new CancellationTokenSource();
            var one = classifier.ClassifyMany(endless, TestContext.CancellationToken).First();
            var other = await classifier.ClassifyManyAsync(endless, TestContext.CancellationToken)
                .FirstAsync(TestContext.CancellationToken);
            AssertSame(one, other);
            var givenUp = Enumerable.Range(0, 20).Select(i => classifier.ClassifyAsync(pictures[i], cancel.Token)).ToArray();
            await cancel.CancelAsync();
            classifier.Dispose();
            foreach (var call in givenUp)
            {
                try
                {
                    await call;
                }
                catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
                {
                }
            }
        }

        AssertNoFaultUnseen();
    }

    private static Func<ImageClassifier, string[], IEnumerable<ImagePrediction>>[] ListWays(CancellationToken cancel) =>
    [
        (classifier, pictures) => pictures.Select(classifier.Classify),
        (classifier, pictures) => Task.WhenAll(pictures.Select(path => classifier.ClassifyAsync(path, cancel))).GetAwaiter().GetResult(),
        (classifier, pictures) => classifier.ClassifyMany(pictures, cancel),
        (classifier, pictures) => classifier.ClassifyManyAsync(pictures, cancel).ToBlockingEnumerable(cancel),
    ];

    private static void AssertSame(ImagePrediction expected, ImagePrediction actual)
    {
        Assert.AreEqual(expected.PredictedLabel, actual.PredictedLabel);
        for (var i = 0; i < expected.Score.Length; i++)
            Assert.AreEqual(expected.Score[i], actual.Score[i], 1e-5);
    }

    // Threads of their own: those of the pool are the classifier's.
    private static void RunThreads(Action<int> work, int count = Threads)
    {
        var faults = new ConcurrentQueue<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, count).Select(index => new Thread(() =>
        {
            try
            {
                work(index);
            }
            catch (Exception fault)
            {
                faults.Enqueue(fault);
            }
        })
        {
            IsBackground = true,
        })];
        foreach (var thread in threads)
            thread.Start();

        foreach (var thread in threads)
            Assert.IsTrue(thread.Join(s_patience), "a call hangs");
        if (faults.TryDequeue(out var first))
            throw new AssertFailedException($"{faults.Count + 1} threads failed; the first: {first}");
    }

    // Of tasks that nobody waited for; they are told when these are collected.
    private void AssertNoFaultUnseen()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.IsFalse(_unseen.TryDequeue(out var first), first?.ToString());
    }

    private void NoteUnseen(object? sender, UnobservedTaskExceptionEventArgs fault) => _unseen.Enqueue(fault.Exception);

    private ImageClassifier Open(string file, ScoringViews views)
    {
        var zip = Path.Combine(_folder.Path, "model.zip");
        var path = Path.Combine(_folder.Path, file);
        var model = Model();
        ModelFile.Write(model, zip);
        if (path != zip)
            ModelQuantization.Quantize(zip, Enumerable.Range(0, 20).Select(i => TinyModel.Pixels(model, new Random(i))), path);
        return ImageClassifier.Open(path, new() { Views = views }, out _);
    }

    private string[] DrawPictures(int count) =>
    [
        .. Enumerable.Range(0, count).Select(
            i => _folder.Write($"{i}.jpg", Pictures.Photograph(60 + i, 50, seed: i, SKEncodedImageFormat.Jpeg))),
    ];

    private static TrainedModel Model() => TinyModel.Of(
        new Sequential(TensorShape.Image(20, 20, 3))
        {
            new Conv2D(16, 5, 2, activation: Activation.Relu), new MaxPooling2D(2), new Flatten(),
            new Dense(32, Activation.Relu), new Dense(10, Activation.Softmax),
        },
        imageSize: 24,
        seed: 3);

    private sealed class Closed : IDisposable
    {
        public bool IsClosed { get; private set; }

        public void Dispose() => IsClosed = true;
    }
}
