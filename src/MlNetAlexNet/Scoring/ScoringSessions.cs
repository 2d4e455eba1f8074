using System.IO.Hashing;
using Microsoft.ML.OnnxRuntime;
using MlNetAlexNet.Formats;
using MlNetAlexNet.Formats.Onnx.Graph;

namespace MlNetAlexNet.Scoring;

/// <summary>
/// One network in two sessions: in the first all cores work on one call, the quickest way to score a picture that comes
/// alone; in the second each call has a core of its own, the most pictures a second when there are many
/// (tests/Benchmarks, <c>batches</c>). The second is loaded when it is first needed. On a card one session is both.
/// </summary>
internal sealed class ScoringSessions : IDisposable
{
    // Held while the second session is loaded, so that none is after Dispose.
    private readonly Lock _loading = new();
    private readonly Lazy<ScoringSession> _many;
    private readonly ScoringGraph _graph;
    private readonly UInt128 _fingerprint; // of what the first session was loaded from
    private bool _isDisposed;
    private int _calls;

    /// <param name="graph">Of <see cref="Formats.Onnx.Own.OnnxExport"/>; read twice at most, disposed with this.</param>
    /// <param name="device">What computes.</param>
    /// <exception cref="AlexNetException">
    /// It is another program's, has NaN or infinity for a weight, or the device cannot be used.
    /// </exception>
    public ScoringSessions(ScoringGraph graph, ScoringDevice device)
    {
        _graph = graph;
        AtOnce = device == ScoringDevice.Cpu ? Environment.ProcessorCount : 1;
        var onnx = graph.ToArray();
        _fingerprint = XxHash128.HashToUInt128(onnx);
        OnnxWeights.RequireFinite(onnx);
        Alone = new ScoringSession(onnx, Environment.ProcessorCount, device);
        try
        {
            Alone.RequireRuns();
        }
        catch
        {
            Alone.Dispose();
            throw;
        }

        _many = new(() => AtOnce == 1 ? Alone : LoadAgain() ?? Alone);
    }

    /// <summary>Calls that are computed at the same time: one a core, or one on a card, all of which works on each.</summary>
    public int AtOnce { get; }

    /// <summary>All cores on each call.</summary>
    public ScoringSession Alone { get; }

    /// <summary>A core for each call.</summary>
    /// <remarks>
    /// The first session where the second cannot be loaded, as after the file was changed in its place: slower, and the same
    /// answers.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public ScoringSession Many
    {
        get
        {
            lock (_loading)
            {
                ThrowIfDisposed();
                return _many.Value;
            }
        }
    }

    /// <exception cref="ObjectDisposedException">After <see cref="Dispose"/>.</exception>
    public void ThrowIfDisposed() =>
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), typeof(ImageClassifier));

    /// <summary>Scores one picture: on all cores if it is the only one under way, else on one.</summary>
    public ImagePrediction Score(byte[] pixels)
    {
        try
        {
            var session = Interlocked.Increment(ref _calls) == 1 ? Alone : Many;
            return session.Score(pixels, 1)[0];
        }
        finally
        {
            Interlocked.Decrement(ref _calls);
        }
    }

    /// <summary>Waits for calls under way, then lets go of the network.</summary>
    public void Dispose()
    {
        lock (_loading)
            _isDisposed = true;

        Alone.Dispose();
        if (_many.IsValueCreated)
            _many.Value.Dispose();
        _graph.Dispose();
    }

    private ScoringSession? LoadAgain()
    {
        try
        {
            var onnx = _graph.ToArray();
            return XxHash128.HashToUInt128(onnx) == _fingerprint ? new ScoringSession(onnx) : null;
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException
            or AlexNetException or OnnxRuntimeException or OutOfMemoryException)
        {
            return null; // cut or overwritten since, on a drive that has gone, or too large twice
        }
    }
}
